# Answers: the scheduler's settings, staging mode, and which connectors are running now.
param($Arguments)
Set-StrictMode -Version 2.0
Import-Module -Name ADSync

$scheduler = Get-ADSyncScheduler
$running = @(foreach ($run in @(Get-ADSyncConnectorRunStatus)) { [string]$run.ConnectorName })

[pscustomobject]@{
    allowed_interval    = [string]$scheduler.AllowedSyncCycleInterval
    effective_interval  = [string]$scheduler.CurrentlyEffectiveSyncCycleInterval
    next_policy_type    = [string]$scheduler.NextSyncCyclePolicyType
    next_start_utc      = [string]$scheduler.NextSyncCycleStartTimeInUTC.ToString('o')
    sync_cycle_enabled  = [bool]$scheduler.SyncCycleEnabled
    maintenance_enabled = [bool]$scheduler.MaintenanceEnabled
    staging_mode        = [bool]$scheduler.StagingModeEnabled
    suspended           = [bool]$scheduler.SchedulerSuspended
    running_connectors  = $running
}
