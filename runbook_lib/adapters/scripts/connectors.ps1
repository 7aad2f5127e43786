# Answers: every connector with the account it uses and, for Active Directory, the domains and containers in scope.
# Only the named connectivity parameters are read: the others include protected passwords.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync

$wanted = @('UserName', 'forest-name', 'forest-login-domain', 'forest-login-user')
$connectors = @(foreach ($connector in @(Get-ADSyncConnector)) {
    $parameters = [ordered]@{}
    foreach ($parameter in @($connector.ConnectivityParameters)) {
        if ($wanted -contains $parameter.Name) { $parameters[[string]$parameter.Name] = [string]$parameter.Value }
    }
    $partitions = @(foreach ($partition in @($connector.Partitions)) {
        $scope = $partition.ConnectorPartitionScope
        [pscustomobject]@{
            dn        = [string]$partition.DN
            is_domain = [bool]$partition.IsDomain
            selected  = [bool]$partition.Selected
            included  = @(foreach ($dn in @($scope.ContainerInclusionList)) { [string]$dn })
            excluded  = @(foreach ($dn in @($scope.ContainerExclusionList)) { [string]$dn })
        }
    })
    [pscustomobject]@{
        name       = [string]$connector.Name
        identifier = [string]$connector.Identifier
        type_name  = [string]$connector.ConnectorTypeName
        sub_type   = [string]$connector.SubType
        parameters = $parameters
        partitions = $partitions
    }
})

[pscustomobject]@{ connectors = $connectors }
