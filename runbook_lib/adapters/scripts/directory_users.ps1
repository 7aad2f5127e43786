# Answers: for each domain in scope, the named users and a few others in scope, each with the access rules on it that name the
# AD DS connector account or a group of it. Asked from the PDC emulator, where Connect writes: other controllers lag behind.
# Arguments: users (user principal names), sample (how many others of each domain). A second hop, as directory_rights.ps1.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync
Import-Module -Name ActiveDirectory

$names = @(foreach ($name in @($Arguments.users)) {
    # What has a meaning in an LDAP filter is escaped (RFC 4515).
    $name -replace '\\', '\5c' -replace '\*', '\2a' -replace '\(', '\28' -replace '\)', '\29'
})
$details = @('LockedOut', 'adminCount', 'PasswordLastSet', 'nTSecurityDescriptor')
$fields = @('DistinguishedName', 'SamAccountName', 'UserPrincipalName', 'ObjectClass', 'Enabled') + $details
$domains = @(foreach ($connector in @(Get-ADSyncConnector | Where-Object { [string]$_.ConnectorTypeName -eq 'AD' })) {
    $login = @{}
    foreach ($parameter in @($connector.ConnectivityParameters)) { $login[[string]$parameter.Name] = $parameter.Value }
    $account = Get-ADUser -Identity $login['forest-login-user'] -Server $login['forest-login-domain'] -Properties tokenGroups
    $sids = @([string]$account.SID) + @(foreach ($sid in @($account.tokenGroups)) { [string]$sid }) + @('S-1-1-0', 'S-1-5-11')
    foreach ($partition in @($connector.Partitions | Where-Object { $_.IsDomain -and $_.Selected })) {
        $scope = $partition.ConnectorPartitionScope
        $dns_name = [string]$partition.DN -replace ',DC=', '.' -replace '^DC=', ''
        $server = [string](Get-ADDomain -Identity $partition.DN -Server $dns_name).PDCEmulator
        $named = @(foreach ($name in $names) {
            foreach ($user in @(Get-ADUser -LDAPFilter "(userPrincipalName=$name)" -SearchBase $partition.DN -Server $server)) { [string]$user.DistinguishedName }
        })
        # Of a large container only some are fetched; those who cannot sign in show nothing that matters.
        $found = @(foreach ($container in @($scope.ContainerInclusionList)) {
            foreach ($user in @(Get-ADUser -LDAPFilter '(!(userAccountControl:1.2.840.113556.1.4.803:=2))' -SearchBase $container -ResultSetSize 200 -Server $server)) { [string]$user.DistinguishedName }
        })
        $others = @(foreach ($dn in @($found | Sort-Object -Unique)) {
            $outside = @(foreach ($container in @($scope.ContainerExclusionList)) { if ($dn.ToLower().EndsWith(",$container".ToLower())) { $container } })
            if ($named -notcontains $dn -and $outside.Count -eq 0) { $dn }
        })
        $users = @(foreach ($dn in $named + @($others | Select-Object -First $Arguments.sample)) {
            # An attribute that is not set is no property of the object; selecting makes it one without a value.
            $user = Get-ADUser -Identity $dn -Server $server -Properties $details | Select-Object -Property $fields
            $set = $null
            if ($null -ne $user.PasswordLastSet) { $set = [string]$user.PasswordLastSet.ToUniversalTime().ToString('o') }
            $rules = @(foreach ($rule in @($user.nTSecurityDescriptor.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier]))) {
                if ($sids -contains [string]$rule.IdentityReference) {
                    [pscustomobject]@{
                        sid                   = [string]$rule.IdentityReference
                        access                = [string]$rule.AccessControlType
                        rights                = [int]$rule.ActiveDirectoryRights
                        object_type           = [string]$rule.ObjectType
                        inheritance           = [string]$rule.InheritanceType
                        inherited_object_type = [string]$rule.InheritedObjectType
                        inherited             = [bool]$rule.IsInherited
                    }
                }
            })
            [pscustomobject]@{
                dn                  = [string]$user.DistinguishedName
                sam_account_name    = [string]$user.SamAccountName
                user_principal_name = $user.UserPrincipalName
                object_class        = [string]$user.ObjectClass
                enabled             = [bool]$user.Enabled
                locked_out          = [bool]$user.LockedOut
                admin_count         = [int]$user.adminCount
                pwd_last_set_utc    = $set
                inherits            = -not $user.nTSecurityDescriptor.AreAccessRulesProtected
                is_pilot            = $named -contains $dn
                rules               = $rules
            }
        })
        [pscustomobject]@{
            dn             = [string]$partition.DN
            server         = $server
            account_name   = [string]$login['forest-login-user']
            account_domain = [string]$login['forest-login-domain']
            account_sid    = [string]$account.SID
            users          = $users
        }
    }
})

[pscustomobject]@{ domains = $domains }
