
remove_block() {
    file=$(target_of "$1")
    if [ ! -e "$file" ] || ! grep -qF "$first_line" "$file"; then
        echo "$file: holds nothing of ours"
        return 0
    fi
    how=
    if grep -qxF "$first_line$made" "$file"; then how=$made; fi
    begin_work "$file"
    without_block "$file" >"$work"
    replace "$file"
    if [ "$how" = "$made" ] && [ ! -s "$file" ]; then rm -f "$file"; fi
}

remove_block "$environment"
changed=
remove_block "$agent_configuration"
if [ -n "$changed" ]; then restart_agent; fi
