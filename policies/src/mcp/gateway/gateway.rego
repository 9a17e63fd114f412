# METADATA
# title: Which user may call which tool, list what, read or write which HTTP route
# description: Input and result are described in policies/README.md.
# labels:
#   layer: gateway
# custom:
#   id: gateway
package mcp.gateway

# METADATA
# title: Nobody, unless a basis allows it
# custom:
#   id: gateway.default
default allow := false

# What the sidecar asks for.
result := {
	"allow": allow,
	"deny": false,
	"reason": reason,
	"reason_code": reason_code,
	"layers": {"gateway": {"allow": allow, "deny": false}},
}

# METADATA
# title: A basis allows it, and its arguments were seen
# custom:
#   id: gateway.allow
allow if {
	basis
	not arguments_hidden
}

reason_code := "allowed" if allow

reason_code := "policy.denied" if not allow

reason := concat("", [
	"Allowed: ", input.action, " by user ", input.user.id,
	" (role: ", role, ", ", basis, ")",
]) if {
	allow
}

reason := concat("", [
	"Denied: ", subject_action, " by user ", subject_id,
	" (insufficient permissions)",
]) if {
	not allow
}

# METADATA
# title: Why the call is allowed; the first that applies gives the one reason
# custom:
#   id: gateway.basis
basis := "admin" if {
	by_admin
} else := "team member" if {
	by_team_member
} else := "server owner" if {
	by_server_owner
} else := "developer access" if {
	by_developer
} else := "authenticated" if {
	by_anybody
} else := "server visibility" if {
	by_visibility
} else := "route role" if {
	by_route_role
}

# --- tools (what the registry does not know is left to an admin)

# METADATA
# title: Admins call tools up to high in work hours
# custom:
#   id: gateway.admin.tool
by_admin if {
	input.action == "gateway:tool:invoke"
	has_role("admin")
	input.resource.sensitivity in {"low", "medium", "high"}
	work_hours
}

# METADATA
# title: Admins register servers
# custom:
#   id: gateway.admin.register
by_admin if {
	input.action == "gateway:server:register"
	has_role("admin")
}

# METADATA
# title: Admins and security admins view the audit
# custom:
#   id: gateway.admin.audit
by_admin if {
	input.action == "gateway:audit:view"
	some role_name in {"admin", "security_admin"}
	has_role(role_name)
}

# METADATA
# title: Developers call known tools up to medium in work hours
# custom:
#   id: gateway.developer.tool
by_developer if {
	input.action == "gateway:tool:invoke"
	has_role("developer")
	input.resource.known == true
	input.resource.sensitivity in {"low", "medium"}
	work_hours
}

# METADATA
# title: Developers register servers up to medium
# custom:
#   id: gateway.developer.register
by_developer if {
	input.action == "gateway:server:register"
	has_role("developer")
	input.resource.sensitivity in {"low", "medium"}
}

# METADATA
# title: Members of the server's team call its known tools
# custom:
#   id: gateway.team.tool
by_team_member if {
	input.action == "gateway:tool:invoke"
	input.resource.known == true
	in_server_team
}

# METADATA
# title: Team leads register servers
# custom:
#   id: gateway.team.register
by_team_member if {
	input.action == "gateway:server:register"
	has_role("team_lead")
}

# METADATA
# title: Team leads view the audit of their team's servers
# custom:
#   id: gateway.team.audit
by_team_member if {
	input.action == "gateway:audit:view"
	has_role("team_lead")
	in_server_team
}

# METADATA
# title: Members of the server's team see it
# custom:
#   id: gateway.team.info
by_team_member if {
	input.action == "gateway:server:info"
	in_server_team
}

# METADATA
# title: Owners call known tools of their server in work hours
# custom:
#   id: gateway.owner.tool
by_server_owner if {
	input.action == "gateway:tool:invoke"
	input.resource.known == true
	is_server_owner
	work_hours
}

# METADATA
# title: Owners see their server
# custom:
#   id: gateway.owner.info
by_server_owner if {
	input.action == "gateway:server:info"
	is_server_owner
}

# --- lists and servers

# METADATA
# title: Every user with an id lists servers and discovers tools
# custom:
#   id: gateway.user.list
by_anybody if {
	input.action in {"gateway:server:list", "gateway:tool:discover"}
	has_user_id
}

# METADATA
# title: Every user with an id sees public servers
# custom:
#   id: gateway.visibility.public
by_visibility if {
	input.action == "gateway:server:info"
	has_user_id
	input.resource.visibility == "public"
}

# METADATA
# title: Every user with an id sees internal servers of the route's environment
# custom:
#   id: gateway.visibility.internal
by_visibility if {
	input.action == "gateway:server:info"
	has_user_id
	input.resource.visibility == "internal"
	same_environment
}

# --- HTTP routes

# METADATA
# title: Roles of the HTTP route read and write it
# custom:
#   id: gateway.route.role
by_route_role if {
	input.action in {"http:read", "http:write"}
	some role_name in input.resource.allowed_roles
	has_role(role_name)
}

# --- denied whatever grants

# METADATA
# title: A tool with sensitive arguments is not called unseen
# description: Without a body there are none to look at.
# custom:
#   id: gateway.deny.arguments
arguments_hidden if {
	input.action == "gateway:tool:invoke"
	some _ in input.resource.sensitive_params
	not arguments_seen
}

arguments_seen if is_object(input.parameters)

# --- facts

has_role(name) if {
	is_string(name)
	some held in input.user.roles
	held == name
}

has_user_id if {
	is_string(input.user.id)
	input.user.id != ""
}

in_server_team if {
	is_string(input.resource.team)
	input.resource.team != ""
	some team in input.user.teams
	team == input.resource.team
}

is_server_owner if {
	has_user_id
	input.resource.owner == input.user.id
}

# A route without an environment serves the server's own.
same_environment if not is_string(input.context.environment)

same_environment if input.resource.environment == input.context.environment

work_hours if input.context.time.work_hours == true

role := input.user.role if {
	is_string(input.user.role)
} else := "none"

subject_action := input.action if {
	is_string(input.action)
} else := "unknown"

subject_id := input.user.id if {
	is_string(input.user.id)
} else := "unknown"
