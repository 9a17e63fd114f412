package sark.gateway

default allow := false

allow if {
	input.user.role == "admin"
}

allow if {
	input.action == "gateway:tool:invoke"
	input.user.role == "developer"
	input.tool.sensitivity_level in {"low", "medium"}
	input.user.teams[0] in data.tools[input.tool.name].teams
}
