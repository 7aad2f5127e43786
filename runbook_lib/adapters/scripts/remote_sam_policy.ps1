# Answers: the policy "Restrict clients allowed to make remote calls to SAM" as it reached this server, or nothing.
param($Arguments)
Set-StrictMode -Version 2.0

$descriptor = $null
foreach ($found in @(Get-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa' -Name RestrictRemoteSam -ErrorAction SilentlyContinue | Select-Object -ExpandProperty RestrictRemoteSam)) {
    $descriptor = [string]$found
}

[pscustomobject]@{ descriptor = $descriptor }
