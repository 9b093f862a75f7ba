#!/bin/sh
# workerd under the process id it leaves behind, so that it can be found when the process that started it is gone.
# GATEWAY_WORKERD is the real program, GATEWAY_PID_FILE (may be unset) takes the id; both are set by src/local/runtime.ts.
if [ -n "$GATEWAY_PID_FILE" ]; then echo $$ >"$GATEWAY_PID_FILE"; fi
exec "$GATEWAY_WORKERD" "$@"
