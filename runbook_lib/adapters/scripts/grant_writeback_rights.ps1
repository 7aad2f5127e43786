# Changes: grants the AD DS connector account the rights that writeback needs, with Microsoft's own module.
# Arguments: account_name, account_domain. Protected administrators stay out: the switch for that differs by build.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name "$env:ProgramFiles\Microsoft Azure Active Directory Connect\AdSyncConfig\AdSyncConfig.psm1"

$options = @{
    ADConnectorAccountName   = $Arguments.account_name
    ADConnectorAccountDomain = $Arguments.account_domain
    Confirm                  = $false
}
$command = Get-Command -Name Set-ADSyncPasswordWritebackPermissions
if (@($command.Parameters.Keys) -contains 'SkipAdminSdHolders') { $options['SkipAdminSdHolders'] = $true }
$output = @(Set-ADSyncPasswordWritebackPermissions @options)

[pscustomobject]@{ output = @(foreach ($line in $output) { [string]$line }) }
