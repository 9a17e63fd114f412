# The base layer: which user may call which tool, list what, read or write which HTTP route.
# Input and result are described in policies/README.md.
package mcp.gateway

default allow := false

# What the sidecar asks for.
result := {
	"allow": allow,
	"deny": false,
	"reason": reason,
	"reason_code": reason_code,
	"layers": {"gateway": {"allow": allow, "deny": false}},
}

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

# Why the call is allowed; the first that applies gives the one reason.
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

by_admin if {
	input.action == "gateway:tool:invoke"
	has_role("admin")
	input.resource.sensitivity in {"low", "medium", "high"}
	work_hours
}

by_admin if {
	input.action == "gateway:server:register"
	has_role("admin")
}

by_admin if {
	input.action == "gateway:audit:view"
	some role_name in {"admin", "security_admin"}
	has_role(role_name)
}

by_developer if {
	input.action == "gateway:tool:invoke"
	has_role("developer")
	input.resource.known == true
	input.resource.sensitivity in {"low", "medium"}
	work_hours
}

by_developer if {
	input.action == "gateway:server:register"
	has_role("developer")
	input.resource.sensitivity in {"low", "medium"}
}

by_team_member if {
	input.action == "gateway:tool:invoke"
	input.resource.known == true
	in_server_team
}

by_team_member if {
	input.action == "gateway:server:register"
	has_role("team_lead")
}

by_team_member if {
	input.action == "gateway:audit:view"
	has_role("team_lead")
	in_server_team
}

by_team_member if {
	input.action == "gateway:server:info"
	in_server_team
}

by_server_owner if {
	input.action == "gateway:tool:invoke"
	input.resource.known == true
	is_server_owner
	work_hours
}

by_server_owner if {
	input.action == "gateway:server:info"
	is_server_owner
}

# --- lists and servers

by_anybody if {
	input.action in {"gateway:server:list", "gateway:tool:discover"}
	has_user_id
}

by_visibility if {
	input.action == "gateway:server:info"
	has_user_id
	input.resource.visibility == "public"
}

by_visibility if {
	input.action == "gateway:server:info"
	has_user_id
	input.resource.visibility == "internal"
	same_environment
}

# --- HTTP routes

by_route_role if {
	input.action in {"http:read", "http:write"}
	some role_name in input.resource.allowed_roles
	has_role(role_name)
}

# --- denied whatever grants

# A tool with sensitive arguments is not called unseen: without a body there are none to look at.
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
