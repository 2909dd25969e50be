# Blanks comments and the contents of string and character literals of C code; keeps line numbers.
{
    out = ""
    i = 1
    n = length($0)
    if (in_line_comment && !continued) { in_line_comment = 0 }
    while (i <= n) {
        c = substr($0, i, 1)
        two = substr($0, i, 2)
        if (in_comment) {
            if (two == "*/") { in_comment = 0; i += 2 } else { i++ }
        } else if (in_line_comment) {
            i++
        } else if (quote != "") {
            if (c == "\\") { i += 2; continue }
            if (c == quote) { quote = ""; out = out c }
            i++
        } else if (two == "/*") {
            in_comment = 1
            out = out " "
            i += 2
        } else if (two == "//") {
            in_line_comment = 1
            i += 2
        } else {
            if (c == "\"" || c == "'") { quote = c }
            out = out c
            i++
        }
    }
    continued = substr($0, n, 1) == "\\"
    if (!continued) { quote = "" }
    print out
}
