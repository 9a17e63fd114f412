# METADATA
# title: Which agent may execute, query or delegate at which other agent
# description: Input and result are described in policies/README.md.
# labels:
#   layer: a2a
# custom:
#   id: a2a
package mcp.gateway.a2a

# METADATA
# title: No agent, unless it is granted and not denied
# custom:
#   id: a2a.default
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

# METADATA
# title: The agent has the capability, the target accepts it, and both fit
# custom:
#   id: a2a.granted
granted if {
	has_capability
	accepted
	fitting
}

# METADATA
# title: Granted, and nothing denies it
# custom:
#   id: a2a.allow
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

# METADATA
# title: The target accepts execution
# custom:
#   id: a2a.accepts.execute
accepted if {
	input.capability == "execute"
	input.target_agent.accepts_execution == true
}

# METADATA
# title: The target accepts queries
# custom:
#   id: a2a.accepts.query
accepted if {
	input.capability == "query"
	input.target_agent.accepts_queries == true
}

# METADATA
# title: The target accepts delegation
# custom:
#   id: a2a.accepts.delegate
accepted if {
	input.capability == "delegate"
	input.target_agent.accepts_delegation == true
}

# METADATA
# title: The capability is one of the agent
# custom:
#   id: a2a.capability
has_capability if {
	some capability in input.source_agent.capabilities
	capability == input.capability
}

# --- who may do what

worker_targets := {
	"service": {"worker"},
	"orchestrator": {"worker", "service"},
}

# METADATA
# title: Services execute at workers, orchestrators at workers and services
# custom:
#   id: a2a.execute.worker
fitting if {
	input.capability == "execute"
	not_monitor
	input.target_agent.type in worker_targets[input.source_agent.type]
}

# METADATA
# title: Trusted agents execute at agents of their type
# custom:
#   id: a2a.execute.same_type
fitting if {
	input.capability == "execute"
	not_monitor
	input.source_agent.trust_level == "trusted"
	is_string(input.source_agent.type)
	input.source_agent.type == input.target_agent.type
}

# METADATA
# title: Trusted orchestrators execute at every agent
# custom:
#   id: a2a.execute.orchestrator
fitting if {
	input.capability == "execute"
	trusted_orchestrator
}

# METADATA
# title: Every type may query, monitors included
# custom:
#   id: a2a.query
fitting if input.capability == "query"

# METADATA
# title: Trusted and limited agents delegate, monitors do not
# custom:
#   id: a2a.delegate
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

# METADATA
# title: Untrusted agents are denied
# custom:
#   id: a2a.deny.untrusted
deny contains {"code": "a2a.untrusted", "message": "Source agent is untrusted"} if {
	not some_trust
}

# A rule of its own: negating a test of an absent value inline would be undefined, not true.
some_trust if input.source_agent.trust_level in {"trusted", "limited"}

# METADATA
# title: Execute and delegate stay in one environment, but for promotions
# custom:
#   id: a2a.deny.cross_environment
deny contains {"code": "a2a.cross_environment", "message": "Environments differ"} if {
	input.capability in {"execute", "delegate"}
	cross_environment
	not promoted
}

# METADATA
# title: Only trusted agents reach production from elsewhere
# custom:
#   id: a2a.deny.production
deny contains {"code": "a2a.production", "message": "Only trusted agents reach production"} if {
	input.target_agent.environment == "production"
	not in_production
	not is_trusted
}

in_production if input.source_agent.environment == "production"

is_trusted if input.source_agent.trust_level == "trusted"

cross_environment if not input.source_agent.environment == input.target_agent.environment

# Promotion along the usual chain of environments.
# METADATA
# title: Trusted services promote from staging to production
# custom:
#   id: a2a.promote.production
promoted if {
	input.source_agent.environment == "staging"
	input.target_agent.environment == "production"
	input.source_agent.type == "service"
	input.source_agent.trust_level == "trusted"
}

# METADATA
# title: Trusted and limited agents promote from development to staging
# custom:
#   id: a2a.promote.staging
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

# METADATA
# title: More requests in the last hour than the claimed trust allows
# custom:
#   id: a2a.deny.rate
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
