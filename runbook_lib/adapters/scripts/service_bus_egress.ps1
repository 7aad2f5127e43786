# Answers: for each of the given relays, if port 443 takes a direct connection from this server, and what it answers to a GET
# without a token, with the proxy that Windows uses. No token is sent, and what comes back is compared and never run.
# Arguments: relays (a list of host and path).
param($Arguments)
Set-StrictMode -Version 2.0
# The relays want TLS 1.2, which this PowerShell does not offer by itself on every server. Holds for this process only.
[System.Net.ServicePointManager]::SecurityProtocol = [System.Net.SecurityProtocolType]::Tls12

$relays = @(foreach ($relay in @($Arguments.relays)) {
    $address = "https://$($relay.host)/$($relay.path)"
    $connected = [bool](Test-NetConnection -ComputerName $relay.host -Port 443 -InformationLevel Quiet -WarningAction SilentlyContinue)
    $status = $null
    $problem = $null
    $said = ''
    try {
        $reply = Invoke-WebRequest -Uri $address -UseBasicParsing -TimeoutSec 15
        $status = [int]$reply.StatusCode
        $said = [string]$reply.Content
    } catch {
        # Every answer but a success is an error here too, and then it carries the answer.
        if (-not ($_.Exception -is [System.Net.WebException])) { throw }
        if ($null -ne $_.Exception.Response) {
            $status = [int]$_.Exception.Response.StatusCode
            $said = [string]$_.Exception.Response.StatusDescription
            if ($null -ne $_.ErrorDetails) { $said = $said + ' ' + [string]$_.ErrorDetails.Message }
        } else {
            $problem = [string]$_.Exception.Status
        }
    }
    $answer = $null
    if ($null -ne $status) {
        $answer = 'other'
        if ($status -eq 401 -and $said -match 'MissingToken') { $answer = 'missing-token' }
        if ($status -eq 200 -and $said -match 'Publicly Listed Services') { $answer = 'service-list' }
    }
    $certificate = [System.Net.ServicePointManager]::FindServicePoint($address).Certificate
    $issuer = $null
    if ($null -ne $certificate) { $issuer = [string]$certificate.Issuer }
    [pscustomobject]@{
        host      = [string]$relay.host
        connected = $connected
        answer    = $answer
        status    = $status
        problem   = $problem
        issuer    = $issuer
    }
})

[pscustomobject]@{ relays = $relays }
