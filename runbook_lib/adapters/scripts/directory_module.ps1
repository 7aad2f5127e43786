# Answers: whether the ActiveDirectory module (RSAT-AD-PowerShell) is installed. Nothing is loaded.
param($Arguments)
Set-StrictMode -Version 2.0

[pscustomobject]@{
    available = [bool](@(Get-Module -ListAvailable -Name ActiveDirectory).Count -gt 0)
}
