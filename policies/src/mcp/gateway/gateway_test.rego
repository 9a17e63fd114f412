package mcp.gateway_test

import data.mcp.gateway

call(user, resource, working) := {
	"action": "gateway:tool:invoke",
	"user": user,
	"resource": resource,
	"context": {"environment": null, "time": {"work_hours": working}},
}

user(role, teams) := {"id": "alice", "role": role, "roles": [role], "teams": teams}

tool(level) := {
	"type": "tool", "server": "demo", "tool": "t", "known": true, "sensitivity": level,
	"owner": "bob", "team": "platform", "visibility": "internal", "environment": "production",
}

levels := ["low", "medium", "high", "critical"]

# One row for each role: the levels it may call inside and outside work hours.
tool_table := [
	{"user": user("admin", []), "inside": ["low", "medium", "high"], "outside": []},
	{"user": user("developer", []), "inside": ["low", "medium"], "outside": []},
	{"user": user("viewer", ["platform"]), "inside": levels, "outside": levels},
	{"user": user("viewer", []), "inside": [], "outside": []},
	{"user": object.union(user("viewer", []), {"id": "bob"}), "inside": levels, "outside": []},
]

test_tool_table if {
	every row in tool_table {
		every level in levels {
			decided(row.user, level, true) == listed(row.inside, level)
			decided(row.user, level, false) == listed(row.outside, level)
		}
	}
}

decided(who, level, working) := allow if {
	allow := gateway.allow with input as call(who, tool(level), working)
}

default listed(_, _) := false

listed(list, level) if level in list

test_second_role_counts if {
	who := object.union(user("viewer", []), {"roles": ["viewer", "developer"]})
	gateway.allow with input as call(who, tool("low"), true)
}

test_role_alone_without_roles_does_not_count if {
	who := {"id": "alice", "role": "admin", "roles": [], "teams": []}
	not gateway.allow with input as call(who, tool("low"), true)
}

test_unknown_tool_is_left_to_an_admin if {
	stranger := object.union(tool("medium"), {"known": false})
	gateway.allow with input as call(user("admin", []), stranger, true)
	not gateway.allow with input as call(user("developer", []), stranger, true)
	not gateway.allow with input as call(user("viewer", ["platform"]), stranger, true)
	owner := object.union(user("viewer", []), {"id": "bob"})
	not gateway.allow with input as call(owner, stranger, true)
}

test_missing_team_is_nobodys_team if {
	orphan := object.union(tool("low"), {"team": ""})
	not gateway.allow with input as call(user("viewer", [""]), orphan, true)
	not gateway.allow with input as call(user("viewer", [null]), object.union(orphan, {"team": null}), true)
}

test_missing_owner_is_nobody if {
	orphan := object.union(tool("low"), {"owner": null})
	not gateway.allow with input as call({"id": null, "roles": [], "teams": []}, orphan, true)
}

# `parameters` is absent where no body was read, which is not the same as none.
test_sensitive_tool_is_not_called_unseen if {
	sensitive := object.union(tool("low"), {"sensitive_params": ["password"]})
	every who in [user("admin", []), user("viewer", ["platform"]), user("developer", [])] {
		unseen := call(who, sensitive, true)
		not gateway.allow with input as unseen
		not gateway.allow with input as object.union(unseen, {"parameters": "password"})
		gateway.allow with input as object.union(unseen, {"parameters": {}})
		gateway.allow with input as call(who, object.union(sensitive, {"sensitive_params": []}), true)
	}
}

# These exist on MCP routes only, and no rule names them.
test_other_mcp_actions_are_denied if {
	every action in [
		"gateway:resource:read", "gateway:resource:list", "gateway:prompt:get", "gateway:prompt:list",
		"gateway:completion", "gateway:subscription", "gateway:task", "gateway:session",
	] {
		every who in [user("admin", ["platform"]), object.union(user("admin", []), {"id": "bob"})] {
			not gateway.allow with input as object.union(call(who, tool("low"), true), {"action": action})
		}
	}
}

test_lists_for_any_user if {
	every action in ["gateway:server:list", "gateway:tool:discover"] {
		gateway.allow with input as {"action": action, "user": user("guest", [])}
		not gateway.allow with input as {"action": action, "user": {"id": ""}}
		not gateway.allow with input as {"action": action}
	}
}

info(who, resource, environment) := {
	"action": "gateway:server:info",
	"user": who,
	"resource": resource,
	"context": {"environment": environment},
}

test_server_info if {
	gateway.allow with input as info(user("guest", []), object.union(tool("low"), {"visibility": "public"}), "staging")
	gateway.allow with input as info(user("guest", []), tool("low"), "production")
	gateway.allow with input as info(user("guest", []), tool("low"), null)
	gateway.allow with input as info(user("guest", ["platform"]), object.union(tool("low"), {"visibility": "private"}), "staging")
	gateway.allow with input as info(object.union(user("guest", []), {"id": "bob"}), object.union(tool("low"), {"visibility": "private"}), null)
}

test_server_info_denied if {
	not gateway.allow with input as info(user("guest", []), tool("low"), "staging")
	not gateway.allow with input as info(user("guest", []), object.union(tool("low"), {"visibility": "private"}), null)
	not gateway.allow with input as info({"id": "", "teams": []}, object.union(tool("low"), {"visibility": "public"}), null)
}

register(role, level) := {
	"action": "gateway:server:register",
	"user": user(role, []),
	"resource": {"sensitivity": level},
}

test_server_register if {
	every role in ["admin", "team_lead"] {
		every level in levels {
			gateway.allow with input as register(role, level)
		}
	}
	gateway.allow with input as register("developer", "low")
	gateway.allow with input as register("developer", "medium")
	not gateway.allow with input as register("developer", "high")
	not gateway.allow with input as register("developer", "critical")
	not gateway.allow with input as register("viewer", "low")
}

audit(who) := {"action": "gateway:audit:view", "user": who, "resource": tool("low")}

test_audit_view if {
	gateway.allow with input as audit(user("admin", []))
	gateway.allow with input as audit(user("security_admin", []))
	gateway.allow with input as audit(user("team_lead", ["platform"]))
	not gateway.allow with input as audit(user("team_lead", ["other"]))
	not gateway.allow with input as audit(user("developer", ["platform"]))
}

http(action, role, allowed) := {
	"action": action,
	"user": user(role, []),
	"resource": {"type": "http", "server": "app", "allowed_roles": allowed},
}

test_http_routes if {
	every action in ["http:read", "http:write"] {
		gateway.allow with input as http(action, "developer", ["viewer", "developer"])
		not gateway.allow with input as http(action, "developer", ["admin"])
		not gateway.allow with input as http(action, "developer", [])
	}
}

test_unknown_action_is_denied if {
	not gateway.allow with input as object.union(call(user("admin", []), tool("low"), true), {"action": "gateway:task"})
}

test_empty_input_is_denied_with_a_reason if {
	gateway.result == {
		"allow": false, "deny": false, "reason_code": "policy.denied",
		"reason": "Denied: unknown by user unknown (insufficient permissions)",
		"layers": {"gateway": {"allow": false, "deny": false}},
	} with input as {}
}

# The first applicable basis gives the reason.
test_reasons if {
	reason_of(user("admin", ["platform"]), "low") == "Allowed: gateway:tool:invoke by user alice (role: admin, admin)"
	reason_of(user("viewer", ["platform"]), "high") == "Allowed: gateway:tool:invoke by user alice (role: viewer, team member)"
	reason_of(user("developer", []), "low") == "Allowed: gateway:tool:invoke by user alice (role: developer, developer access)"
	reason_of(object.union(user("viewer", []), {"id": "bob"}), "low") == "Allowed: gateway:tool:invoke by user bob (role: viewer, server owner)"
	reason_of({"id": "carol", "role": null, "roles": [], "teams": ["platform"]}, "low") == "Allowed: gateway:tool:invoke by user carol (role: none, team member)"
	reason_of(user("viewer", []), "low") == "Denied: gateway:tool:invoke by user alice (insufficient permissions)"
}

reason_of(who, level) := reason if {
	reason := gateway.reason with input as call(who, tool(level), true)
}

test_result_of_an_allowed_call if {
	result := gateway.result with input as call(user("developer", []), tool("low"), true)
	result.allow == true
	result.reason_code == "allowed"
	result.layers == {"gateway": {"allow": true, "deny": false}}
}

test_other_bases if {
	gateway.basis == "authenticated" with input as {"action": "gateway:server:list", "user": user("guest", [])}
	gateway.basis == "server visibility" with input as info(user("guest", []), tool("low"), null)
	gateway.basis == "route role" with input as http("http:read", "viewer", ["viewer"])
}
