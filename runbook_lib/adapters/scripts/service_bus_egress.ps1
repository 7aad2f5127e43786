# Answers: which of the given hosts take a connection to port 443 from this server, without a proxy.
# Arguments: hosts (a list of host names).
param($Arguments)
Set-StrictMode -Version 2.0

$relays = @(foreach ($name in @($Arguments.hosts)) {
    [pscustomobject]@{
        host      = [string]$name
        reachable = [bool](Test-NetConnection -ComputerName $name -Port 443 -InformationLevel Quiet -WarningAction SilentlyContinue)
    }
})

[pscustomobject]@{ relays = $relays }
