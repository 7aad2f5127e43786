"""Delivering a file to a change record, a folder or a mail, and reading a change record: ServiceNow, Jira Cloud, Jira Data Center."""

from __future__ import annotations

from runbook_lib.adapters.change_records.delivery import deliver
from runbook_lib.adapters.change_records.drop import Folder, Mail
from runbook_lib.adapters.change_records.jira import Jira
from runbook_lib.adapters.change_records.servicenow import ServiceNow
from runbook_lib.adapters.change_records.site import Account, Site

__all__ = ["Account", "Folder", "Jira", "Mail", "ServiceNow", "Site", "deliver"]
