@echo off
rem Runs the genq command of this clone. Builds it first where a source is newer than the last build.
setlocal
set "GENQ_ROOT=%~dp0"
set "GENQ_OUTPUT=%GENQ_ROOT%artifacts\bin\GenQ.Cli\release"
set "GENQ_STAMP=%GENQ_OUTPUT%\built"

powershell -NoProfile -Command "$ErrorActionPreference = 'Stop'; if (-not (Test-Path (Join-Path $env:GENQ_OUTPUT 'GenQ.Cli.dll')) -or -not (Test-Path $env:GENQ_STAMP)) { exit 1 }; $built = (Get-Item $env:GENQ_STAMP).LastWriteTimeUtc; $sources = @(Get-ChildItem -Recurse (Join-Path $env:GENQ_ROOT 'src'), (Join-Path $env:GENQ_ROOT 'bench'), (Join-Path $env:GENQ_ROOT 'eng'), (Join-Path $env:GENQ_ROOT 'models') -ErrorAction SilentlyContinue) + @(Get-ChildItem (Join-Path $env:GENQ_ROOT 'Directory.*'), (Join-Path $env:GENQ_ROOT 'global.json')); if ($sources | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1) { exit 1 }"
if not errorlevel 1 goto run

if not exist "%GENQ_OUTPUT%" mkdir "%GENQ_OUTPUT%"
type nul > "%GENQ_STAMP%.partial"
dotnet build "%GENQ_ROOT%src\GenQ.Cli" --configuration Release --verbosity quiet > "%GENQ_OUTPUT%\build.log" 2>&1
if errorlevel 1 (
  type "%GENQ_OUTPUT%\build.log" 1>&2
  echo genq: the build failed. 1>&2
  exit /b 1
)
move /y "%GENQ_STAMP%.partial" "%GENQ_STAMP%" > nul

:run
dotnet "%GENQ_OUTPUT%\GenQ.Cli.dll" %*
exit /b %errorlevel%
