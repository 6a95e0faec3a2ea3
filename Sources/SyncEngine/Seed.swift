enum SyncEngineSeed {}
