package mcp.gateway.a2a_test

import data.mcp.gateway.a2a

agent(type, trust) := {
	"id": "planner", "type": type, "trust_level": trust, "environment": "production",
	"capabilities": ["execute", "query", "delegate"],
}

target(type) := {
	"id": "worker-1", "type": type, "environment": "production",
	"accepts_execution": true, "accepts_queries": true, "accepts_delegation": true,
}

ask(capability, from, to) := {"capability": capability, "source_agent": from, "target_agent": to}

types := ["service", "worker", "query", "orchestrator", "monitor"]

# Who may execute at whom at limited trust.
execute_table := {
	"service": ["worker"],
	"orchestrator": ["worker", "service"],
	"worker": [],
	"query": [],
	"monitor": [],
}

test_execute_at_limited_trust if {
	every from in types {
		every to in types {
			allowed("execute", agent(from, "limited"), target(to)) == listed(execute_table[from], to)
		}
	}
}

allowed(capability, from, to) := allow if {
	allow := a2a.allow with input as ask(capability, from, to)
}

default listed(_, _) := false

listed(list, value) if value in list

test_trusted_executes_at_its_own_type if {
	every type in ["service", "worker", "query", "orchestrator"] {
		a2a.allow with input as ask("execute", agent(type, "trusted"), target(type))
	}
	not a2a.allow with input as ask("execute", agent("monitor", "trusted"), target("monitor"))
}

test_trusted_orchestrator_executes_everywhere if {
	every to in types {
		a2a.allow with input as ask("execute", agent("orchestrator", "trusted"), target(to))
	}
}

test_everybody_queries if {
	every from in types {
		a2a.allow with input as ask("query", agent(from, "limited"), target("worker"))
	}
}

test_delegate_needs_trust_and_no_monitor if {
	a2a.allow with input as ask("delegate", agent("service", "limited"), target("worker"))
	a2a.allow with input as ask("delegate", agent("service", "trusted"), target("worker"))
	not a2a.allow with input as ask("delegate", agent("service", "untrusted"), target("worker"))
	not a2a.allow with input as ask("delegate", agent("monitor", "trusted"), target("worker"))
}

test_target_must_accept if {
	closed := object.union(target("worker"), {
		"accepts_execution": false, "accepts_queries": false, "accepts_delegation": false,
	})
	every capability in ["execute", "query", "delegate"] {
		not a2a.allow with input as ask(capability, agent("orchestrator", "trusted"), closed)
	}
}

test_caller_must_have_the_capability if {
	bare := object.union(agent("orchestrator", "trusted"), {"capabilities": []})
	every capability in ["execute", "query", "delegate"] {
		not a2a.allow with input as ask(capability, bare, target("worker"))
	}
}

test_untrusted_is_denied_everything if {
	every capability in ["execute", "query", "delegate"] {
		not a2a.allow with input as ask(capability, agent("orchestrator", "untrusted"), target("worker"))
	}
}

in_environment(who, name) := object.union(who, {"environment": name})

test_across_environments if {
	staging := in_environment(target("worker"), "staging")
	not a2a.allow with input as ask("execute", agent("orchestrator", "trusted"), staging)
	not a2a.allow with input as ask("delegate", agent("orchestrator", "trusted"), staging)
	a2a.allow with input as ask("query", agent("orchestrator", "trusted"), staging)
}

test_promotion_to_production if {
	from := in_environment(agent("service", "trusted"), "staging")
	a2a.allow with input as ask("execute", from, target("worker"))
	not a2a.allow with input as ask("execute", in_environment(agent("service", "limited"), "staging"), target("worker"))
	not a2a.allow with input as ask("execute", in_environment(agent("orchestrator", "trusted"), "staging"), target("worker"))
	not a2a.allow with input as ask("execute", in_environment(agent("service", "trusted"), "development"), target("worker"))
}

test_promotion_to_staging if {
	to := in_environment(target("worker"), "staging")
	a2a.allow with input as ask("execute", in_environment(agent("service", "limited"), "development"), to)
	a2a.allow with input as ask("execute", in_environment(agent("service", "trusted"), "development"), to)
	not a2a.allow with input as ask("execute", in_environment(agent("service", "untrusted"), "development"), to)
}

test_production_needs_trust_even_for_queries if {
	not a2a.allow with input as ask("query", in_environment(agent("query", "limited"), "staging"), target("worker"))
	a2a.allow with input as ask("query", in_environment(agent("query", "trusted"), "staging"), target("worker"))
}

test_production_is_closed_to_an_agent_of_no_environment if {
	homeless := object.remove(agent("query", "limited"), ["environment"])
	result := a2a.result with input as ask("query", homeless, target("worker"))
	result.allow == false
	some reason in result.deny
	reason.code == "a2a.production"
}

# One row for each claimed trust: the last allowed number of requests in an hour.
rate_table := {"critical": 1000, "high": 500, "medium": 100, "low": 50, "other": 10}

test_hourly_limits if {
	every claimed, limit in rate_table {
		who := object.union(agent("orchestrator", "trusted"), {"trust_level_claimed": claimed})
		rated(who, limit) == true
		rated(who, limit + 1) == false
	}
	rated(agent("orchestrator", "trusted"), 10) == true
	rated(agent("orchestrator", "trusted"), 11) == false
}

rated(who, requests) := allow if {
	allow := a2a.allow with input as ask("execute", who, target("worker"))
		with data.sark.quotas.agent_requests_last_hour as {"planner": requests}
}

test_restrictions if {
	restrictions(agent("service", "trusted"), "staging", "staging") == {
		"rate_limited": false, "monitoring_required": false, "encryption_required": true,
	}
	restrictions(agent("service", "limited"), "staging", "staging").rate_limited == true
	restrictions(agent("worker", "trusted"), "staging", "staging").rate_limited == true
	restrictions(agent("monitor", "trusted"), "staging", "staging").rate_limited == true
	restrictions(agent("service", "trusted"), "staging", "development").monitoring_required == true
	restrictions(agent("service", "trusted"), "production", "production").monitoring_required == true
}

restrictions(who, from, to) := found if {
	found := a2a.restrictions with input as ask(
		"query",
		in_environment(who, from),
		in_environment(target("worker"), to),
	)
}

test_reasons if {
	allowed := a2a.result with input as ask("execute", agent("orchestrator", "trusted"), target("worker"))
	allowed.reason == "Allowed: execute by agent planner (type: orchestrator, trust: trusted)"
	allowed.reason_code == "allowed"
	denied := a2a.result with input as ask("execute", agent("worker", "limited"), target("worker"))
	denied.reason == "Denied: execute by agent planner (insufficient permissions)"
	denied.reason_code == "policy.denied"
	denied.layers == {"a2a": {"allow": false, "deny": false}}
}

test_empty_input_is_denied_with_a_reason if {
	result := a2a.result with input as {}
	result.allow == false
	result.reason == "Denied: unknown by agent unknown (insufficient permissions)"
	result.layers.a2a.deny == true
}

test_unknown_target_is_denied if {
	not a2a.allow with input as ask("query", agent("orchestrator", "trusted"), {"id": "stranger", "environment": "production"})
}
