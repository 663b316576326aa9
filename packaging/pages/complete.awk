# complete.awk - the lines of table.awk as completion: -v shell=bash, zsh or fish. What an argument may be is told by its name:
# choices a|b|c, a network, fabric or experiment that ships, a folder, a number, or else a file.
BEGIN { FS = "\t" }
$1 == "command" { commands = commands " " $2; summary[$2] = $3; order[++n] = $2 }
$1 == "option" { k = ++options[$2]; name[$2, k] = $3; what[$2, k] = $4; text[$2, k] = $5 }

function words_of(a) { gsub(/\|/, " ", a); return a }
function kind(a) { # of an option's argument
    if (a == "") return "none"
    if (a ~ /\|/) return "choice"
    if (a == "FABRIC") return "fabrics"
    if (a == "DIR" || a == "FOLDER") return "folder"
    if (a ~ /^(N|S|X|NAME=.*|PERCENT|FAULTS|A,B,\.\.|WHAT|NAME|STAGE)$/) return "word"
    return "file"
}
function takes(c) { # what stands alone after a command
    if (c == "compile" || c == "check" || c == "verify") return "networks"
    if (c == "fabric") return "fabrics"
    if (c == "train" || c == "tune" || c == "baseline") return "experiments"
    if (c == "explain") return "diagnostics"
    return "file"
}
function quote(s) { gsub(/'/, "'\\''", s); return "'" s "'" }
function short(s) { sub(/[:;(].*/, "", s); sub(/ +$/, "", s); return s }

# Names of what ships, as the shells' own functions get them: where the command looks, too.
function shipped() { return "for f in netlists/$1/*.yaml " share "/netlists/$1/*.yaml" }

function bash(    i, k, c, a) {
    print "# bash completion for stoa"
    print "_stoa_shipped() {\n    local f\n    " shipped() "; do\n        [ -f \"$f\" ] && f=${f##*/} && echo \"${f%.yaml}\"\n    done\n}"
    print "_stoa() {\n    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words="
    print "    COMPREPLY=()\n    if [ \"$COMP_CWORD\" = 1 ]; then"
    print "        words='" substr(commands, 2) " --help --version'\n        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n        return\n    fi"
    print "    case \"${COMP_WORDS[1]} $prev\" in"
    for (i = 1; i <= n; i++) for (k = 1; k <= options[order[i]]; k++) {
        c = order[i]; a = kind(what[c, k])
        if (a == "choice") print "    '" c " " name[c, k] "') COMPREPLY=($(compgen -W '" words_of(what[c, k]) "' -- \"$cur\")); return ;;"
        else if (a == "fabrics") print "    '" c " " name[c, k] "') COMPREPLY=($(compgen -W \"$(_stoa_shipped fabrics)\" -- \"$cur\") $(compgen -f -- \"$cur\")); return ;;"
        else if (a == "folder") print "    '" c " " name[c, k] "') COMPREPLY=($(compgen -d -- \"$cur\")); return ;;"
        else if (a == "file") print "    '" c " " name[c, k] "') COMPREPLY=($(compgen -f -- \"$cur\")); return ;;"
        else if (a == "word") print "    '" c " " name[c, k] "') return ;;"
    }
    print "    esac\n    case ${COMP_WORDS[1]} in"
    for (i = 1; i <= n; i++) {
        c = order[i]; a = ""
        for (k = 1; k <= options[c]; k++) a = a " " name[c, k]
        print "    " c ")\n        words='" substr(a " --help", 2) "'"
        a = takes(c)
        if (a == "diagnostics") print "        [[ $cur = -* ]] || words=$(stoa explain --list 2>/dev/null)\n        ;;"
        else if (a != "file") print "        [[ $cur = -* ]] || words=$(_stoa_shipped " a ")\n        ;;"
        else print "        [[ $cur = -* ]] || words=\n        ;;"
    }
    print "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))"
    print "    [[ $cur = -* || ${COMP_WORDS[1]} = explain ]] || COMPREPLY+=($(compgen -f -- \"$cur\"))\n}\ncomplete -o filenames -F _stoa stoa"
}

function action(a, of) { # of zsh's _arguments
    if (a == "choice") return ":" of ":(" words_of(of) ")"
    if (a == "fabrics" || a == "networks" || a == "experiments") return ":" tolower(a) ":_stoa_shipped " a
    if (a == "folder") return ":folder:_files -/"
    if (a == "word") return ":" of ": "
    return ":file:_files"
}
function zquote(s) { gsub(/\[|\]|:/, "\\\\&", s); return s }
function zsh(    i, k, c, a) {
    print "#compdef stoa"
    print "_stoa_shipped() {\n    local f\n    local -a names\n    " shipped() "(N); do names+=(${f:t:r}); done\n    compadd -a names\n    _files\n}"
    print "_stoa() {\n    local -a commands\n    if (( CURRENT == 2 )); then\n        commands=("
    for (i = 1; i <= n; i++) print "            " quote(order[i] ":" summary[order[i]])
    print "        )\n        _describe command commands\n        return\n    fi\n    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n    case $command in"
    for (i = 1; i <= n; i++) {
        c = order[i]
        print "    " c ")\n        _arguments \\"
        for (k = 1; k <= options[c]; k++) {
            a = kind(what[c, k])
            print "            " quote((name[c, k] == "--set" ? "*" : "") name[c, k] "[" zquote(short(text[c, k])) "]" (a == "none" ? "" : action(a, what[c, k]))) " \\"
        }
        a = takes(c)
        if (a == "diagnostics") print "            '--help[how it is used]' '*:diagnostic:($(stoa explain --list 2>/dev/null))'"
        else print "            '--help[how it is used]' " quote("*" action(a, "")) 
        print "        ;;"
    }
    print "    esac\n}\n_stoa \"$@\""
}

function fish(    i, k, c, a, line) {
    print "# fish completion for stoa"
    print "function __stoa_shipped\n    for f in netlists/$argv[1]/*.yaml " share "/netlists/$argv[1]/*.yaml\n        basename $f .yaml\n    end\nend"
    print "complete -c stoa -n __fish_use_subcommand -f"
    for (i = 1; i <= n; i++) print "complete -c stoa -n __fish_use_subcommand -a " order[i] " -d " quote(summary[order[i]])
    for (i = 1; i <= n; i++) {
        c = order[i]; line = "complete -c stoa -n '__fish_seen_subcommand_from " c "'"
        for (k = 1; k <= options[c]; k++) {
            a = kind(what[c, k])
            print line (name[c, k] ~ /^--/ ? " -l " substr(name[c, k], 3) : " -s " substr(name[c, k], 2)) \
                (a == "none" ? "" : a == "choice" ? " -x -a '" words_of(what[c, k]) "'" : a == "fabrics" ? " -r -a '(__stoa_shipped fabrics)'" : \
                 a == "word" ? " -x" : " -r") (short(text[c, k]) ? " -d " quote(short(text[c, k])) : "")
        }
        a = takes(c)
        if (a == "diagnostics") print line " -f -a '(stoa explain --list 2>/dev/null)'"
        else if (a != "file") print line " -a '(__stoa_shipped " a ")'"
    }
}
END { if (shell == "bash") bash(); else if (shell == "zsh") zsh(); else fish() }
