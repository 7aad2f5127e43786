# Answers: organizational units in scope that do not inherit rights, so rights granted on the domain root stop there.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync
Import-Module -Name ActiveDirectory

$broken = @(foreach ($connector in @(Get-ADSyncConnector | Where-Object { [string]$_.ConnectorTypeName -eq 'AD' })) {
    foreach ($partition in @($connector.Partitions | Where-Object { $_.IsDomain -and $_.Selected })) {
        $dns_name = [string]$partition.DN -replace ',DC=', '.' -replace '^DC=', ''
        $server = [string](Get-ADDomain -Identity $partition.DN -Server $dns_name).PDCEmulator
        foreach ($container in @($partition.ConnectorPartitionScope.ContainerInclusionList)) {
            foreach ($unit in @(Get-ADOrganizationalUnit -Filter * -SearchBase $container -Server $server -Properties nTSecurityDescriptor)) {
                if ($unit.nTSecurityDescriptor.AreAccessRulesProtected) { [string]$unit.DistinguishedName }
            }
        }
    }
})

[pscustomobject]@{ units = @($broken | Sort-Object -Unique) }
