# Answers: the minimum password age of each domain in scope, in seconds.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync
Import-Module -Name ActiveDirectory

$policies = @(foreach ($connector in @(Get-ADSyncConnector | Where-Object { [string]$_.ConnectorTypeName -eq 'AD' })) {
    foreach ($partition in @($connector.Partitions | Where-Object { $_.IsDomain -and $_.Selected })) {
        $dns_name = [string]$partition.DN -replace ',DC=', '.' -replace '^DC=', ''
        $server = [string](Get-ADDomain -Identity $partition.DN -Server $dns_name).PDCEmulator
        $policy = Get-ADDefaultDomainPasswordPolicy -Identity $partition.DN -Server $server
        [pscustomobject]@{
            dn                  = [string]$partition.DN
            minimum_age_seconds = [long]$policy.MinPasswordAge.TotalSeconds
        }
    }
})

[pscustomobject]@{ policies = $policies }
