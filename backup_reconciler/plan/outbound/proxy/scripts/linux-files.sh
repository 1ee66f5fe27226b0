
# What follows is the same for every document. It keeps to POSIX sh, and runs as root.
set -eu
LC_ALL=C
export LC_ALL
root=${BACKUP_RECONCILER_ROOT:-}
environment=$root/etc/environment
agent_configuration=$root/etc/waagent.conf
first_line="# backup-reconciler $handle: begin"
last_line="# backup-reconciler $handle: end"
# How the first line ends where there is something to put back when the block goes.
unfinished=' (the line before it had no end)'
made=' (the file was made for it)'
work=
changed=

fail() {
    echo "$*" >&2
    exit 1
}

clean_up() {
    if [ -n "$work" ]; then rm -f "$work"; fi
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# The file that a path leads to, because moving one onto a symbolic link would put it in the link's place.
target_of() {
    if [ -L "$1" ]; then
        readlink -f "$1" || fail "$1: it is a link, and leads to no folder that is there"
    else
        printf '%s\n' "$1"
    fi
}

ends_within_a_line() {
    [ -s "$1" ] && [ -n "$(tail -c 1 "$1")" ]
}

# Contents in a form that a command substitution leaves whole: it takes the line ends away from the end.
contents_of() {
    cat "$1" && echo .
}

# The file without our block, byte for byte as it was before, and with what somebody put between our lines. Fails where
# the block has no end.
without_block() {
    finished=1
    if ends_within_a_line "$1"; then finished=0; fi
    finished=$finished first=$first_line last=$last_line unfinished=$unfinished made=$made awk '
        BEGIN {
            first = ENVIRON["first"]; last = ENVIRON["last"]; unfinished = ENVIRON["unfinished"]; made = ENVIRON["made"]
        }
        { line = $0; sub(/\r$/, "", line) }
        inside && line == last { inside = 0; next }
        inside && line ~ /^(http_proxy|https_proxy|no_proxy|HttpProxy\.Host|HttpProxy\.Port)=/ { next }
        line == first || line == first unfinished || line == first made {
            inside = 1; ours_is_last = 1; joined = (line == first unfinished); next
        }
        { text = text $0 "\n"; ours_is_last = 0 }
        END {
            if (inside) exit 3
            if (ours_is_last ? joined : ENVIRON["finished"] == 0) text = substr(text, 1, length(text) - 1)
            ORS = ""
            print text
        }' "$1" || case $? in
        3) fail "$1: the line '$last_line' is missing; take what follows '$first_line' out by hand" ;;
        *) fail "$1: could not be copied" ;;
    esac
}

# Puts the new contents in the place of the file at once, with its owner and mode, and only where they differ.
replace() {
    if [ "$(contents_of "$1")" = "$(contents_of "$work")" ]; then
        rm -f "$work"
        echo "$1: as it should be"
    else
        mv -f "$work" "$1"
        changed=yes
        echo "$1: changed"
    fi
    work=
}

# A copy beside the file, for mv to be one step. mktemp alone would give it another owner and mode. What is no text is
# left alone, because not every awk would give all of it back.
begin_work() {
    [ "$(tr -cd '\000' <"$1" | wc -c)" -eq 0 ] || fail "$1 is no text file: it holds a null character"
    work=$(mktemp "$1.XXXXXX")
    cp -p "$1" "$work"
}

# The agent reads its configuration when it starts. It is restarted a little later and apart from this script, which it
# is waiting for.
restart_agent() {
    if [ -n "$root" ]; then return 0; fi
    for service in walinuxagent waagent; do
        if [ -d /run/systemd/system ] && systemctl cat "$service.service" >/dev/null 2>&1; then
            systemd-run --on-active=15 systemctl restart "$service.service"
            return 0
        elif [ -x "/etc/init.d/$service" ]; then
            (sleep 15 && "/etc/init.d/$service" restart) </dev/null >/dev/null 2>&1 &
            return 0
        fi
    done
    fail "the Azure Linux Agent has no service that could be restarted; restart it, then run this again"
}
