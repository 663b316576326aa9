#!/usr/bin/perl
# mutate.pl LIST FROM TO - a copy of the RTL in which every change of a list stands beside what it changes.
#
# Verilating one model for each change takes half a minute a change. So all are in one model, and a number chosen when it
# starts says which of them is in force (0: none); the expression round a change becomes a choice:
#
#     assign y = a + b;    ──>    assign y = (mutant::which == 7 ? (a - b) : (a + b));
#
#     LIST   how | file | old | new     how: run, formal NAME, same     a bar is one that stands alone, || is the operator
#     FROM/*.sv ──> TO/*.sv, and TO/mutant.sv which has the number       mutate.pl LIST FROM TO N: change N alone, as it is
#
# The first place where the old text stands is changed. What is chosen is the smallest of: the right side of an assignment,
# a condition in parentheses, what is connected to a port.
use strict;
use warnings;

my ($list, $from, $to, $only) = @ARGV;
die "mutate.pl LIST FROM TO [NUMBER]\n" unless defined $to;

sub slurp { open my $h, '<', $_[0] or die "$_[0]: $!\n"; local $/; return scalar <$h>; }
sub spew { open my $h, '>', $_[0] or die "$_[0]: $!\n"; print $h $_[1]; close $h or die "$_[0]: $!\n"; }

# Behind the bracket that closes the one at `at`.
sub closing {
    my ($s, $at) = @_;
    my $depth = 0;
    for (my $i = $at; $i < length $s; $i++) {
        my $c = substr $s, $i, 1;
        $depth++ if $c =~ /[(\[{]/;
        $depth-- if $c =~ /[)\]}]/;
        return $i + 1 if $depth == 0;
    }
    die "a bracket is not closed\n";
}

# The expression that holds [at, end): where it begins and ends.
sub expression {
    my ($s, $at, $end) = @_;
    my $best;
    my $holds = sub { # the smallest wins
        my ($a, $b) = @_;
        return unless $a <= $at && $end <= $b;
        $best = [$a, $b] if !$best || $b - $a < $best->[1] - $best->[0];
    };
    my $head = substr $s, 0, $at;
    while ($head =~ /(?:\bif\s*|\bcase\s*|\.\w+\s*)\(/g) { # a condition, a port
        my $open = pos($head) - 1;
        my $close = closing($s, $open);
        $holds->($open + 1, $close - 1) if $close > $end;
    }
    while ($head =~ /(?<![<>=!])(?:<=|=)(?!=)/g) { # right sides: to the first ; outside of brackets
        my ($a, $depth) = (pos $head, 0);
        my $b = $a;
        for (; $b < length $s; $b++) {
            my $c = substr $s, $b, 1;
            $depth++ if $c =~ /[(\[{]/;
            $depth-- if $c =~ /[)\]}]/;
            last if $depth < 0 || ($c eq ';' && $depth == 0);
        }
        next if $depth < 0; # it was a comparison in brackets
        # a comparison, not an assignment, when what stands before it is more than a name
        my $from = 1 + rindex $s, ";", $a;
        my $left = substr $s, $from, $a - $from;
        $left =~ s/(?:<=|=)\z//;
        $left =~ s{//[^\n]*}{}g;
        $left =~ s/^.*\b(?:begin|end|endcase|else|assign|default\s*:|always_comb|always_latch)\b//s;
        $left =~ s/^\s*(?:always_ff\s*@\([^)]*\)\s*)//;
        while ($left =~ /^\s*(?:if|case)\s*\(/g) { $left = substr $left, closing($left, pos($left) - 1); }
        $left =~ s/^\s*[\w', ]+:(?!\])\s*(?:if\s*\()?//;
        next if $left =~ /[?&|<>=!]/;
        $a++ while substr($s, $a, 1) =~ /\s/;
        $holds->($a, $b);
    }
    die "no expression holds the change\n" unless $best;
    return @$best;
}

my (@changes, %text);
for (split /\n/, slurp($list)) {
    next if /^#/ || /^\s*$/;
    my ($how, $file, $old, $new) = split /(?<!\|)\|(?!\|)/, $_, 4;
    push @changes, {how => $how, file => $file, old => $old, new => $new};
}
for my $path (glob "$from/*.sv") {
    my ($name) = $path =~ m{([^/]+)\.sv$};
    $text{$name} = slurp($path);
}
mkdir $to;

my (%place, $n);
for my $c (@changes) {
    $n++;
    next if defined $only && $n != $only; # two changes may stand in one place
    my $s = $text{$c->{file}} // die "change $n: there is no $c->{file}.sv\n";
    my $i = index $s, $c->{old};
    die "change $n: $c->{file} has no '$c->{old}'\n" if $i < 0;
    if (defined $only) {
        substr($text{$c->{file}}, $i, length $c->{old}) = $c->{new};
        next;
    }
    # what differs: without the ends that are the same
    my ($old, $new, $skip) = ($c->{old}, $c->{new}, 0);
    $skip++ while $skip < length $old && $skip < length $new && substr($old, $skip, 1) eq substr($new, $skip, 1);
    my $tail = 0;
    $tail++ while $tail < length($old) - $skip && $tail < length($new) - $skip
        && substr($old, -1 - $tail, 1) eq substr($new, -1 - $tail, 1);
    my ($a, $b) = eval { expression($s, $i + $skip, $i + length($old) - $tail) };
    die "change $n, $c->{file}, '$c->{old}': $@" unless defined $a;
    my $is = substr $s, $i + $skip, length($old) - $skip - $tail;
    my $becomes = substr $new, $skip, length($new) - $skip - $tail;
    my $whole = substr($s, $a, $i + $skip - $a) . $becomes . substr($s, $i + $skip + length $is, $b - $i - $skip - length $is);
    push @{$place{$c->{file}}{"$a $b"}}, [$n, $whole];
}
for my $file (keys %place) {
    for my $span (sort { (split / /, $b)[0] <=> (split / /, $a)[0] } keys %{$place{$file}}) { # from the end: places stay
        my ($a, $b) = split / /, $span;
        my $choice = '';
        $choice .= "mutant::which == $_->[0] ? ($_->[1]) : " for @{$place{$file}{$span}};
        substr($text{$file}, $a, $b - $a) = "($choice(" . substr($text{$file}, $a, $b - $a) . '))';
    }
}
spew("$to/$_.sv", $text{$_}) for keys %text;
for my $path (glob "$from/*.vh") {
    my ($name) = $path =~ m{([^/]+)$};
    spew("$to/$name", slurp($path));
}
spew("$to/mutant.sv", <<'END') unless defined $only;
package mutant;
    import "DPI-C" function int mutant_number();
    int which = mutant_number();
endpackage
END
print "$n changes\n" unless defined $only;
