# Changes: restarts the ADSync service. No arguments.
param($Arguments)
Set-StrictMode -Version 2.0

Restart-Service -Name ADSync
$service = Get-Service -Name ADSync

[pscustomobject]@{ output = @([string]$service.Status) }
