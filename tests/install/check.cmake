# cmake -DBUILD=... -DWORK=... -DCOMPILER=... -DFLAGS=... -P check.cmake
# Installs BUILD to a new prefix in WORK, then configures, builds and runs the outside project against it,
# once for each of the device files that came along.
function(step)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${WORK})
step(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
step(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK}/build -G Ninja -DCMAKE_PREFIX_PATH=${WORK}/prefix
     -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS})
step(${CMAKE_COMMAND} --build ${WORK}/build)

file(GLOB devices ${WORK}/prefix/share/nandtlm/config/devices/*.yaml)
if(NOT devices)
  message(FATAL_ERROR "no device file was installed")
endif()
foreach(device IN LISTS devices)
  step(${WORK}/build/outside ${device})
endforeach()
