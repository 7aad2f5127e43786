# Stands in for the module that comes with Connect where real PowerShell runs our scripts.

function Set-ADSyncPasswordWritebackPermissions {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory)][string]$ADConnectorAccountName,
        [Parameter(Mandatory)][string]$ADConnectorAccountDomain,
        [switch]$IncludeAdminSdHolders
    )
    "$ADConnectorAccountDomain $ADConnectorAccountName $IncludeAdminSdHolders"
}
