# Changes: starts a delta synchronization cycle. No arguments.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync

$result = @(Start-ADSyncSyncCycle -PolicyType Delta)

[pscustomobject]@{ output = @(foreach ($line in $result) { [string]$line.Result }) }
