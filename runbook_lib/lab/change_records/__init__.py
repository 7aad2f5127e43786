"""Change records of the lab: one a tenant, in a ServiceNow and a Jira that refuse what the real ones are known to refuse."""
