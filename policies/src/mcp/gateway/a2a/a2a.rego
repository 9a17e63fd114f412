# The A2A layer: which agent may execute, query or delegate at which other agent.
# Input and result are described in policies/README.md.
package mcp.gateway.a2a

default allow := false

# What the sidecar asks for.
result := {
	"allow": allow,
	"deny": deny,
	"reason": reason,
	"reason_code": reason_code,
	"restrictions": restrictions,
	"layers": {"a2a": {"allow": granted, "deny": count(deny) > 0}},
}

default granted := false

granted if {
	has_capability
	accepted
	fitting
}

allow if {
	granted
	count(deny) == 0
}

reason_code := "allowed" if allow

reason_code := "policy.denied" if not allow

reason := concat("", [
	"Allowed: ", input.capability, " by agent ", input.source_agent.id,
	" (type: ", input.source_agent.type, ", trust: ", input.source_agent.trust_level, ")",
]) if {
	allow
}

reason := concat("", [
	"Denied: ", subject_capability, " by agent ", subject_id,
	" (insufficient permissions)",
]) if {
	not allow
}

# --- what the target takes

accepted if {
	input.capability == "execute"
	input.target_agent.accepts_execution == true
}

accepted if {
	input.capability == "query"
	input.target_agent.accepts_queries == true
}

accepted if {
	input.capability == "delegate"
	input.target_agent.accepts_delegation == true
}

has_capability if {
	some capability in input.source_agent.capabilities
	capability == input.capability
}

# --- who may do what

worker_targets := {
	"service": {"worker"},
	"orchestrator": {"worker", "service"},
}

fitting if {
	input.capability == "execute"
	not_monitor
	input.target_agent.type in worker_targets[input.source_agent.type]
}

fitting if {
	input.capability == "execute"
	not_monitor
	input.source_agent.trust_level == "trusted"
	is_string(input.source_agent.type)
	input.source_agent.type == input.target_agent.type
}

fitting if {
	input.capability == "execute"
	trusted_orchestrator
}

# Every type may query, monitors included.
fitting if input.capability == "query"

fitting if {
	input.capability == "delegate"
	not_monitor
	some_trust
}

trusted_orchestrator if {
	input.source_agent.type == "orchestrator"
	input.source_agent.trust_level == "trusted"
}

not_monitor if input.source_agent.type != "monitor"

# --- what is denied whatever else allows

deny contains {"code": "a2a.untrusted", "message": "Source agent is untrusted"} if {
	not some_trust
}

# A rule of its own: negating a test of an absent value inline would be undefined, not true.
some_trust if input.source_agent.trust_level in {"trusted", "limited"}

deny contains {"code": "a2a.cross_environment", "message": "Environments differ"} if {
	input.capability in {"execute", "delegate"}
	cross_environment
	not promoted
}

deny contains {"code": "a2a.production", "message": "Only trusted agents reach production"} if {
	input.target_agent.environment == "production"
	not in_production
	not is_trusted
}

in_production if input.source_agent.environment == "production"

is_trusted if input.source_agent.trust_level == "trusted"

cross_environment if not input.source_agent.environment == input.target_agent.environment

# Promotion along the usual chain of environments.
promoted if {
	input.source_agent.environment == "staging"
	input.target_agent.environment == "production"
	input.source_agent.type == "service"
	input.source_agent.trust_level == "trusted"
}

promoted if {
	input.source_agent.environment == "development"
	input.target_agent.environment == "staging"
	input.source_agent.trust_level in {"trusted", "limited"}
}

# --- calls in the last hour, where a counter is fed

hourly_limits := {"critical": 1000, "high": 500, "medium": 100, "low": 50}

claimed_trust := input.source_agent.trust_level_claimed if {
	is_string(input.source_agent.trust_level_claimed)
} else := input.source_agent.trust_level

hourly_limit := object.get(hourly_limits, claimed_trust, 10)

deny contains {"code": "a2a.rate", "message": "Too many requests in the last hour"} if {
	data.sark.quotas.agent_requests_last_hour[input.source_agent.id] > hourly_limit
}

# --- what an allowed call has to live with

restrictions := {
	"rate_limited": rate_limited,
	"monitoring_required": monitoring_required,
	"encryption_required": true,
}

default rate_limited := false

rate_limited if input.source_agent.trust_level == "limited"

rate_limited if input.source_agent.type in {"worker", "monitor"}

default monitoring_required := false

monitoring_required if cross_environment

monitoring_required if input.target_agent.environment == "production"

subject_capability := input.capability if {
	is_string(input.capability)
} else := "unknown"

subject_id := input.source_agent.id if {
	is_string(input.source_agent.id)
} else := "unknown"
