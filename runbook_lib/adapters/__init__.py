"""The real targets: the sync server over WinRM, the tenant and the portal over HTTPS. The only door to their libraries."""
