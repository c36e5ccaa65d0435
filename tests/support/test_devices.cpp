#include "tests/support/test_devices.h"

#include <stdexcept>

#include "config/device_loader.h"

namespace nandtlm::test {
namespace {

constexpr const char* kRoundDevice = R"(
topology: {channels: 1, dies: 2, planes: 2, blocks_per_die: 8, pages_per_block: 16, page_bytes: 32, spare_bytes: 0}
celltypes: [NONE, SLC, TLC]
policies: {backlog_retry_delay_us: 5}
constraints: {enable_epr: false, enabled_rules: [state_forbid, addr_dep]}
op_bases:
  ERASE:                    {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 700}}
  PROGRAM_SLC:              {scope: DIE_WIDE, states: {ISSUE: 10, CORE_BUSY: 300}}
  PLANE_PROGRAM:            {scope: PLANE_SET, states: {ISSUE: 10, CORE_BUSY: 300}}
  CACHE_PROGRAM_SLC:        {scope: DIE_WIDE, states: {ISSUE: 10, CORE_BUSY: 300, DATA_IN: 10}}
  ONESHOT_PROGRAM_LSB:      {scope: DIE_WIDE, states: {ISSUE: 10, CORE_BUSY: 20}}
  ONESHOT_PROGRAM_CSB:      {scope: DIE_WIDE, states: {ISSUE: 10, CORE_BUSY: 20}}
  ONESHOT_PROGRAM_MSB:      {scope: DIE_WIDE, states: {ISSUE: 10, CORE_BUSY: 20}}
  ONESHOT_PROGRAM_EXEC_MSB: {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 2000}}
  READ:                     {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 25, DATA_OUT: 5}}
  PLANE_READ:               {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 25, DATA_OUT: 5}}
  RECOVERY_RD:              {scope: PLANE_SET, states: {ISSUE: 2, CORE_BUSY: 30, DATA_OUT: 5}}
  CACHE_READ:               {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 20, DATA_OUT: 10}}
  CACHE_READ_END:           {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 50}}
  COPYBACK_READ:            {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 25, DATA_OUT: 5}}
  DOUT:                     {scope: NONE, states: {ISSUE: 10}, affect_state: false}
  SR:                       {scope: NONE, states: {ISSUE: 1}, affect_state: false, instant_resv: true}
  GETFEATURE:               {scope: NONE, states: {ISSUE: 1}, affect_state: false}
  ODTDISABLE:               {scope: NONE, states: {ISSUE: 1}, affect_state: false}
  ODTENABLE:                {scope: NONE, states: {ISSUE: 1}, affect_state: false}
  ERASE_SUSPEND:            {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 99}, instant_resv: true}
  ERASE_RESUME:             {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 149}}
  PROGRAM_SUSPEND:          {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 99}, instant_resv: true}
  PROGRAM_RESUME:           {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 149}}
  RESET:                    {scope: NONE, states: {ISSUE: 1, CORE_BUSY: 29}, instant_resv: true}
  RESET_LUN:                {scope: NONE, states: {ISSUE: 1, CORE_BUSY: 29}, instant_resv: true}
op_names:
  Erase: {base: ERASE, celltype: SLC}
  Erase_TLC: {base: ERASE, celltype: TLC}
  Erase_Multi: {base: ERASE, celltype: SLC, multi: true}
  Program: {base: PROGRAM_SLC, celltype: SLC}
  Program_Multi: {base: PROGRAM_SLC, celltype: SLC, multi: true}
  Plane_Program: {base: PLANE_PROGRAM, celltype: SLC}
  Cache_Program: {base: CACHE_PROGRAM_SLC, celltype: SLC}
  Load_LSB: {base: ONESHOT_PROGRAM_LSB, celltype: TLC}
  Load_CSB: {base: ONESHOT_PROGRAM_CSB, celltype: TLC}
  Load_MSB: {base: ONESHOT_PROGRAM_MSB, celltype: TLC}
  Exec: {base: ONESHOT_PROGRAM_EXEC_MSB, celltype: TLC}
  Read: {base: READ, celltype: SLC}
  Read_TLC: {base: READ, celltype: TLC}
  Read_Multi: {base: READ, celltype: SLC, multi: true}
  Plane_Read: {base: PLANE_READ, celltype: SLC}
  Recovery_Read: {base: RECOVERY_RD, celltype: SLC}
  Cache_Read: {base: CACHE_READ, celltype: SLC}
  Cache_Read_End: {base: CACHE_READ_END}
  Copyback_Read: {base: COPYBACK_READ, celltype: SLC}
  Dout: {base: DOUT}
  Status: {base: SR}
  Get_Feature: {base: GETFEATURE}
  Odt_Off: {base: ODTDISABLE}
  Odt_On: {base: ODTENABLE}
  Erase_Suspend: {base: ERASE_SUSPEND}
  Erase_Resume: {base: ERASE_RESUME}
  Program_Suspend: {base: PROGRAM_SUSPEND}
  Program_Resume: {base: PROGRAM_RESUME}
  Reset: {base: RESET}
  Reset_Lun: {base: RESET_LUN}
exclusion_groups:
  always: [SR, RESET, RESET_LUN]
  oneshots: [ONESHOT_PROGRAM_LSB, ONESHOT_PROGRAM_CSB, ONESHOT_PROGRAM_MSB, ONESHOT_PROGRAM_EXEC_MSB]
  on_busy: {all_except: [always]}
  on_erase: {all_except: [always, ERASE_SUSPEND]}
  on_program: {all_except: [always, PROGRAM_SUSPEND]}
  on_dout: {all_except: [always, DOUT]}
  on_cache_dout: {all_except: [always, DOUT, CACHE_READ, CACHE_READ_END]}
  after_cache_program: {all_except: [always, PROGRAM_SLC, CACHE_PROGRAM_SLC, PROGRAM_SUSPEND, PROGRAM_RESUME]}
  after_load: {all_except: [always, oneshots, DOUT, PROGRAM_SUSPEND]}
  erase_suspended: {families: [ERASE], plus: [CACHE_READ, ERASE_SUSPEND, GETFEATURE]}
  program_suspended: {all_except: [always, READ, PLANE_READ, RECOVERY_RD, DOUT, PROGRAM_RESUME]}
exclusions_by_op_state:
  ERASE.CORE_BUSY: on_erase
  PROGRAM_SLC.CORE_BUSY: on_program
  PLANE_PROGRAM.CORE_BUSY: on_program
  CACHE_PROGRAM_SLC.CORE_BUSY: on_program
  CACHE_PROGRAM_SLC.DATA_IN: on_program
  ONESHOT_PROGRAM_LSB.CORE_BUSY: on_program
  ONESHOT_PROGRAM_CSB.CORE_BUSY: on_program
  ONESHOT_PROGRAM_MSB.CORE_BUSY: on_program
  ONESHOT_PROGRAM_EXEC_MSB.CORE_BUSY: on_program
  READ.CORE_BUSY: on_busy
  READ.DATA_OUT: on_dout
  PLANE_READ.CORE_BUSY: on_busy
  PLANE_READ.DATA_OUT: on_dout
  RECOVERY_RD.CORE_BUSY: on_busy
  RECOVERY_RD.DATA_OUT: on_dout
  CACHE_READ.CORE_BUSY: on_busy
  CACHE_READ.DATA_OUT: on_cache_dout
  CACHE_READ_END.CORE_BUSY: on_busy
  COPYBACK_READ.CORE_BUSY: on_busy
  COPYBACK_READ.DATA_OUT: on_dout
  ERASE_SUSPEND.CORE_BUSY: on_busy
  ERASE_RESUME.CORE_BUSY: on_busy
  PROGRAM_SUSPEND.CORE_BUSY: on_busy
  PROGRAM_RESUME.CORE_BUSY: on_busy
  RESET.CORE_BUSY: on_busy
  RESET_LUN.CORE_BUSY: on_busy
exclusions_by_latch_state:
  LATCH_ON_READ: [COPYBACK_READ]
  LATCH_ON_LSB: after_load
  LATCH_ON_CSB: after_load
  LATCH_ON_MSB: after_load
exclusions_by_suspend_state:
  NOT_ERASE_SUSPENDED: ERASE_RESUME
  ERASE_SUSPENDED: erase_suspended
  NOT_PROGRAM_SUSPENDED: PROGRAM_RESUME
  PROGRAM_SUSPENDED: program_suspended
exclusions_by_odt_state:
  ODT_DISABLE: {all_except: [always, ODTENABLE, GETFEATURE]}
exclusions_by_cache_state:
  ON_CACHE_READ: on_cache_dout
  ON_CACHE_PROGRAM: after_cache_program
)";

std::shared_ptr<const Device> checked(LoadedDevice&& loaded) {
  std::string errors;
  for (const ConfigError& error : loaded.errors) errors += error.text() + "\n";
  if (!loaded.device) throw std::runtime_error("a test device is wrong:\n" + errors);
  return std::make_shared<const Device>(std::move(*loaded.device));
}

}  // namespace

std::shared_ptr<const Device> round_device(const Overrides& overrides) {
  LoadOptions options;
  options.overrides = overrides;
  return checked(load_device_text(kRoundDevice, "round_device.yaml", options));
}

std::shared_ptr<const Device> round_device_with_epr(Overrides overrides) {
  overrides.emplace_back("constraints.enable_epr", "true");
  return round_device(overrides);
}

std::shared_ptr<const Device> shipped_device(const std::string& file_name, const Overrides& overrides) {
  LoadOptions options;
  options.overrides = overrides;
  return checked(load_device(std::string(NANDTLM_SOURCE_DIR) + "/config/devices/" + file_name, options));
}

}  // namespace nandtlm::test
