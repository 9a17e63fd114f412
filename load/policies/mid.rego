package sark.gateway

perms := {
	"admin": ["gateway:*", "server:*", "tool:*"],
	"developer": ["gateway:tool:*", "gateway:server:read", "tool:read"],
	"viewer": ["gateway:server:read", "tool:read"],
}

levels := {"low": 1, "medium": 2, "high": 3, "critical": 4}
role_max := {"admin": 4, "developer": 3, "viewer": 1}

tool := data.tools[input.tool.name]
sens := tool.sensitivity

role_allowed if {
	some p in perms[input.user.role]
	glob.match(p, [], input.action)
}

sens_allowed if { levels[sens] <= role_max[input.user.role] }

owner if { tool.owner == input.user.id }
team_member if { input.user.teams[0] in tool.teams }
team_member if {
	some t in input.user.teams
	t in tool.teams
}

deny contains "tool unknown" if { not tool }
deny contains "critical needs mfa" if {
	sens == "critical"
	not input.user.mfa_verified
}
deny contains "outside working hours" if {
	sens == "high"
	input.context.time.hour < 7
}
deny contains "blocked network" if { not net.cidr_contains("10.0.0.0/8", input.context.client_ip) }
deny contains "sql injection pattern" if {
	some k, v in input.parameters
	is_string(v)
	regex.match(`(?i)(;\s*drop\s|union\s+select|--\s)`, v)
}
deny contains msg if {
	some bad in data.blocked_prefixes
	startswith(input.tool.name, bad)
	msg := sprintf("tool %s is blocked by prefix %s", [input.tool.name, bad])
}
deny contains "suspended user" if { input.user.id in data.suspended }
deny contains "bad method" if { not input.context.method in {"GET", "POST"} }

base_allow if {
	role_allowed
	sens_allowed
	owner
}
base_allow if {
	role_allowed
	sens_allowed
	team_member
}
base_allow if { input.user.role == "admin" }

allow if {
	base_allow
	count(deny) == 0
}

filtered := [k | some k, _ in input.parameters; not startswith(k, "_")]
tags := {t | some t in tool.tags; t != "internal"}

reason := "allowed" if allow
reason := concat("; ", sort([m | some m in deny])) if { not allow; count(deny) > 0 }
reason := "default deny" if { not allow; count(deny) == 0 }

result := {"allow": ok, "reason": reason, "filtered": filtered, "tags": tags, "sensitivity": object.get(tool, "sensitivity", "unknown")} if {
	ok := object.get({"x": true}, [k | k := "x"; allow][0], false)
} else := {"allow": false, "reason": reason, "filtered": [], "tags": [], "sensitivity": "unknown"}
