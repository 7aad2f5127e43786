# Answers: for each domain in scope, the access rules on its root that name the AD DS connector account or a group of it.
# Asked from the PDC emulator, where Connect writes. A second hop: it needs Kerberos delegation, CredSSP or a local logon.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync
Import-Module -Name ActiveDirectory

$domains = @(foreach ($connector in @(Get-ADSyncConnector | Where-Object { [string]$_.ConnectorTypeName -eq 'AD' })) {
    $login = @{}
    foreach ($parameter in @($connector.ConnectivityParameters)) { $login[[string]$parameter.Name] = $parameter.Value }
    $account = Get-ADUser -Identity $login['forest-login-user'] -Server $login['forest-login-domain'] -Properties tokenGroups
    $sids = @([string]$account.SID) + @(foreach ($sid in @($account.tokenGroups)) { [string]$sid }) + @('S-1-1-0', 'S-1-5-11')
    foreach ($partition in @($connector.Partitions | Where-Object { $_.IsDomain -and $_.Selected })) {
        $dns_name = [string]$partition.DN -replace ',DC=', '.' -replace '^DC=', ''
        $server = [string](Get-ADDomain -Identity $partition.DN -Server $dns_name).PDCEmulator
        $root = Get-ADObject -Identity $partition.DN -Server $server -Properties nTSecurityDescriptor
        $rules = @(foreach ($rule in @($root.nTSecurityDescriptor.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier]))) {
            if ($sids -contains [string]$rule.IdentityReference) {
                [pscustomobject]@{
                    sid                   = [string]$rule.IdentityReference
                    access                = [string]$rule.AccessControlType
                    rights                = [int]$rule.ActiveDirectoryRights
                    object_type           = [string]$rule.ObjectType
                    inheritance           = [string]$rule.InheritanceType
                    inherited_object_type = [string]$rule.InheritedObjectType
                }
            }
        })
        [pscustomobject]@{
            dn             = [string]$partition.DN
            account_name   = [string]$login['forest-login-user']
            account_domain = [string]$login['forest-login-domain']
            account_sid    = [string]$account.SID
            rules          = $rules
        }
    }
})

[pscustomobject]@{ domains = $domains }
