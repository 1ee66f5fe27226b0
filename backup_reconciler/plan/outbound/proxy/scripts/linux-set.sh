
# set_block FILE LINES: ours come last, because of settings that are made twice the last one counts (pam_env, and the
# agent's own configuration).
set_block() {
    file=$(target_of "$1")
    how=
    if [ ! -e "$file" ]; then
        (umask 022 && : >"$file")
        how=$made
    elif grep -qxF "$first_line$made" "$file"; then
        how=$made
    fi
    begin_work "$file"
    without_block "$file" >"$work"
    if ends_within_a_line "$work"; then
        how=$unfinished
        echo >>"$work"
    fi
    printf '%s\n%s\n%s\n' "$first_line$how" "$2" "$last_line" >>"$work"
    replace "$file"
}

# Checked before anything is written.
[ -e "$agent_configuration" ] || fail "$agent_configuration is missing: the Azure Linux Agent is configured elsewhere"

set_block "$environment" "http_proxy=http://$host:$port
https_proxy=http://$host:$port
no_proxy=$bypass"
changed=
set_block "$agent_configuration" "HttpProxy.Host=$host
HttpProxy.Port=$port"
if [ -n "$changed" ]; then restart_agent; fi
