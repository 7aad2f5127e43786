# Answers: the tenant features that the sync engine knows. Password writeback is not one of them.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync

$features = Get-ADSyncAADCompanyFeature

[pscustomobject]@{
    password_hash_sync              = [bool]$features.PasswordHashSync
    force_password_change_on_log_on = [bool]$features.ForcePasswordChangeOnLogOn
    user_writeback                  = [bool]$features.UserWriteback
    device_writeback                = [bool]$features.DeviceWriteback
}
