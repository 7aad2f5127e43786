# Runs every script of one request in one process and answers each on a line of its own.
# The request is base64 of UTF-8 JSON on standard input; powershell.exe hands redirected input over as $input.
# An answer is the caller's sentinel, a space, and base64 of UTF-8 JSON, so no code page can change it.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
Set-StrictMode -Version 2.0

$encoded = ''
foreach ($line in $input) { $encoded = $encoded + $line }
$request = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($encoded)) | ConvertFrom-Json

# Written at once when all scripts have run: WinRM hands output over as it comes, and each portion costs a round trip.
$answers = ''
foreach ($item in @($request.items)) {
    $reply = $null
    try {
        $block = [ScriptBlock]::Create($item.script)
        $value = & $block $item.arguments
        $reply = @{ name = $item.name; ok = $true; value = $value }
    } catch {
        $problem = @{
            message  = [string]$_.Exception.Message
            type     = [string]$_.Exception.GetType().FullName
            id       = [string]$_.FullyQualifiedErrorId
            category = [string]$_.CategoryInfo.Category
        }
        $reply = @{ name = $item.name; ok = $false; problem = $problem }
    }
    $json = ConvertTo-Json -InputObject $reply -Depth 12 -Compress
    $answers = $answers + $request.sentinel + ' ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json)) + "`r`n"
}
[Console]::Out.Write($answers)
