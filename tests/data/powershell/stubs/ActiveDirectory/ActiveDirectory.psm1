# Stands in for Microsoft's module and its drive where real PowerShell runs our scripts.

function Get-ADUser {
    param([string]$Identity, [string]$LDAPFilter, [string]$SearchBase, [int]$ResultSetSize, [string]$Server, [string[]]$Properties)
    $user = [pscustomobject]@{
        DistinguishedName    = "CN=Adele Vance,$SearchBase"
        SamAccountName       = 'adele'
        UserPrincipalName    = $null
        ObjectClass          = 'user'
        Enabled              = $true
        LockedOut            = $false
        PasswordLastSet      = [datetime]'2025-09-08T07:30:00'
        nTSecurityDescriptor = Get-Descriptor
        SID                  = 'S-1-5-21-1-2-3-1604'
        tokenGroups          = @('S-1-5-21-1-2-3-513')
    }
    if ($Identity) { $user.DistinguishedName = $Identity }
    $user
}

function Get-ADDomain {
    param([string]$Identity, [string]$Server)
    [pscustomobject]@{ PDCEmulator = "dc01.$Server" }
}

function Get-ADDefaultDomainPasswordPolicy {
    param([string]$Identity, [string]$Server)
    [pscustomobject]@{ MinPasswordAge = [timespan]'1.00:00:00' }
}

function Get-ADOrganizationalUnit {
    param([string]$Filter, [string]$SearchBase, [string]$Server, [string[]]$Properties)
    foreach ($protected in @($false, $true)) {
        [pscustomobject]@{
            DistinguishedName    = "OU=Protected $protected,$SearchBase"
            nTSecurityDescriptor = [pscustomobject]@{ AreAccessRulesProtected = $protected }
        }
    }
}

function Get-ADObject {
    param([string]$Identity, [string]$Server, [string[]]$Properties)
    [pscustomobject]@{ DistinguishedName = $Identity; nTSecurityDescriptor = Get-Descriptor }
}

function Set-ADObject {
    param([string]$Identity, [string]$Server, [hashtable]$Replace)
}

# Not a command of the module: what stands for a security descriptor in the others.
function Get-Descriptor {
    $rules = @(foreach ($sid in @('S-1-5-21-1-2-3-1604', 'S-1-5-21-1-2-3-513', 'S-1-5-21-1-2-3-9999')) {
        [pscustomobject]@{
            IdentityReference     = $sid
            AccessControlType     = 'Allow'
            ActiveDirectoryRights = 256
            ObjectType            = [guid]'00299570-246d-11d0-a768-00aa006e0529'
            InheritanceType       = 'Descendents'
            InheritedObjectType   = [guid]'bf967aba-0de6-11d0-a285-00aa003049e2'
            IsInherited           = $true
        }
    })
    $acl = [pscustomobject]@{ Rules = $rules; AreAccessRulesProtected = $false }
    $acl | Add-Member -MemberType ScriptMethod -Name RemoveAccessRuleSpecific -Value { param($Rule) }
    $acl | Add-Member -MemberType ScriptMethod -Name GetAccessRules -Value { $this.Rules } -PassThru
}
