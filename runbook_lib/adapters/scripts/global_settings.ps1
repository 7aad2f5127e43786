# Answers: the global settings of the sync engine, name and value.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync

$settings = Get-ADSyncGlobalSettings
$parameters = @(foreach ($parameter in @($settings.Parameters)) {
    [pscustomobject]@{ name = [string]$parameter.Name; value = [string]$parameter.Value }
})

[pscustomobject]@{ parameters = $parameters }
