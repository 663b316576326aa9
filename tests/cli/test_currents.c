/* test_currents.c - cuba neurons beside floating point and Brian2: currents.py, which says what is compared. Brian2 is
 * Debian's, so the system's interpreter is asked first. */
#include "child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

static void beside_floating_point(void **state)
{
    (void)state;
    char work[] = "/tmp/stoa-currents-XXXXXX", command[9000];
    assert_non_null(mkdtemp(work));
    snprintf(command, sizeof command,
             "p=/usr/bin/python3; [ -x $p ] || p=python3; $p -W ignore tests/witness/currents.py '%s' %s; s=$?; rm -r "
             "%s; exit $s",
             stoa_path(), work, work);
    fflush(NULL);
    int status = system(command);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(beside_floating_point)};
    return cmocka_run_group_tests_name("currents", tests, NULL, NULL);
}
