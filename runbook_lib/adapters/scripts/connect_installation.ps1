# Answers: the installed Connect version, the ADSync service and module, and whether the configuration wizard is open.
param($Arguments)
Set-StrictMode -Version 2.0

$version = $null
foreach ($file in @(Get-Item -Path "$env:ProgramFiles\Microsoft Azure AD Sync\Bin\miiserver.exe" -ErrorAction SilentlyContinue)) {
    $version = [string]$file.VersionInfo.ProductVersion
}
$status = $null
foreach ($service in @(Get-Service -Name ADSync -ErrorAction SilentlyContinue)) {
    $status = [string]$service.Status
}

[pscustomobject]@{
    file_version     = $version
    service_status   = $status
    module_available = [bool](@(Get-Module -ListAvailable -Name ADSync).Count -gt 0)
    wizard_open      = [bool](@(Get-Process -Name AzureADConnect -ErrorAction SilentlyContinue).Count -gt 0)
}
