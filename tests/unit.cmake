# How a CUnit program becomes tests: label unit, and once more under Valgrind, label valgrind.
find_program(VALGRIND valgrind)

set(T_VALGRIND_FLAGS
    --quiet --error-exitcode=97 --leak-check=full --show-leak-kinds=definite,indirect,possible
    --errors-for-leak-kinds=definite,indirect,possible --num-callers=30 --track-fds=no
    --suppressions=${CMAKE_CURRENT_LIST_DIR}/valgrind/suppressions)

# t_add_unit(NAME TARGET [ARGUMENT…]): runs the program TARGET as test NAME.
function(t_add_unit name target)
    add_test(NAME ${name} COMMAND ${target} ${ARGN})
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 600)
    if(VALGRIND AND NOT KTRIAL_SANITIZE AND NOT KTRIAL_FUZZ)
        add_test(NAME valgrind-${name}
                 COMMAND ${VALGRIND} ${T_VALGRIND_FLAGS} $<TARGET_FILE:${target}> ${ARGN})
        set_tests_properties(valgrind-${name} PROPERTIES LABELS valgrind TIMEOUT 1200
                             ENVIRONMENT T_VALGRIND=1)
    endif()
endfunction()
