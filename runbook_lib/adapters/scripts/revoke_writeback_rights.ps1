# Changes: takes access rules off domain roots: those that match exactly, and no other. All are found before one is removed.
# Arguments: domains, each with its dn and its rules (sid, access, rights, object_type, inheritance, inherited_object_type).
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ActiveDirectory

$lists = @(foreach ($domain in @($Arguments.domains)) {
    $dns_name = [string]$domain.dn -replace ',DC=', '.' -replace '^DC=', ''
    $server = [string](Get-ADDomain -Identity $domain.dn -Server $dns_name).PDCEmulator
    $list = (Get-ADObject -Identity $domain.dn -Server $server -Properties nTSecurityDescriptor).nTSecurityDescriptor
    $present = @($list.GetAccessRules($true, $false, [Security.Principal.SecurityIdentifier]))
    foreach ($wanted in @($domain.rules)) {
        $same = @(foreach ($rule in $present) {
            $who = [string]$rule.IdentityReference -eq $wanted.sid -and [string]$rule.AccessControlType -eq $wanted.access
            $what = [int]$rule.ActiveDirectoryRights -eq $wanted.rights -and [string]$rule.ObjectType -eq $wanted.object_type
            $where = [string]$rule.InheritanceType -eq $wanted.inheritance
            $on = [string]$rule.InheritedObjectType -eq $wanted.inherited_object_type
            if ($who -and $what -and $where -and $on) { $rule }
        })
        if ($same.Count -eq 0) { throw "A rule to remove is not on $($domain.dn)." }
        $null = $list.RemoveAccessRuleSpecific($same[0])
    }
    [pscustomobject]@{ dn = [string]$domain.dn; server = $server; list = $list }
})
foreach ($changed in $lists) {
    Set-ADObject -Identity $changed.dn -Server $changed.server -Replace @{ nTSecurityDescriptor = $changed.list }
}

[pscustomobject]@{ output = @(foreach ($changed in $lists) { [string]$changed.dn }) }
