# Answers: the password writeback configuration of the one cloud connector, found by its constant identifier.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync

$cloud = @(Get-ADSyncConnector | Where-Object { [string]$_.Identifier -eq 'b891884f-051e-4a83-95af-2544101c9083' })
if ($cloud.Count -ne 1) { throw "Expected one cloud connector, found $($cloud.Count)." }
$configuration = Get-ADSyncAADPasswordResetConfiguration -Connector $cloud[0].Name
$command = Get-Command -Name Set-ADSyncAADPasswordResetConfiguration
$modified = $null
if ($null -ne $configuration.ModifiedTimestamp) {
    $modified = [string]$configuration.ModifiedTimestamp.ToUniversalTime().ToString('o')
}

[pscustomobject]@{
    connector         = [string]$cloud[0].Name
    enabled           = [bool]$configuration.Enabled
    service_status    = [string]$configuration.ServiceStatus
    onboarding_status = [string]$configuration.OnboardingRequiredStatus
    modified_utc      = $modified
    asks_credential   = [bool](@($command.Parameters.Keys) -contains 'AzureADCredential')
}
