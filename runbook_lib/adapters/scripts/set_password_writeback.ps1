# Changes: the password writeback setting of the cloud connector. Arguments: connector (name), enabled (boolean).
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync

$output = @(Set-ADSyncAADPasswordResetConfiguration -Connector $Arguments.connector -Enable $Arguments.enabled)

[pscustomobject]@{ output = @(foreach ($line in $output) { [string]$line }) }
