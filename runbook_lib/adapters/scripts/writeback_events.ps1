# Answers: recent events of password writeback, the sync engine and password hash sync in the Application log.
# Arguments: minutes (how far back to look).
param($Arguments)
Set-StrictMode -Version 2.0

$since = (Get-Date).AddMinutes(-$Arguments.minutes)
$found = @(foreach ($provider in @('PasswordResetService', 'ADSync', 'Directory Synchronization')) {
    try {
        Get-WinEvent -FilterHashtable @{ LogName = 'Application'; ProviderName = $provider; StartTime = $since } -MaxEvents 400
    } catch {
        # "Nothing found" arrives as an error whose text is translated and whose identifier is not.
        if ($_.FullyQualifiedErrorId -notlike 'NoMatching*') { throw }
    }
})
$events = @(foreach ($entry in @($found | Sort-Object -Property RecordId)) {
    [pscustomobject]@{
        id      = [int]$entry.Id
        source  = [string]$entry.ProviderName
        record  = [long]$entry.RecordId
        at_utc  = [string]$entry.TimeCreated.ToUniversalTime().ToString('o')
        message = [string]$entry.Message
    }
})

[pscustomobject]@{
    now_utc = [string](Get-Date).ToUniversalTime().ToString('o')
    events  = $events
}
