#include "tests/properties/property_device.h"

#include <map>
#include <stdexcept>

#include "config/device_loader.h"
#include "tests/support/random_plan.h"

namespace nandtlm::test {
namespace {

constexpr const char* kPlainDevice = R"(
name: property_device
topology: {channels: 1, dies: 1, planes: 1, blocks_per_die: 4, pages_per_block: 6, page_bytes: 8, spare_bytes: 0}
celltypes: [NONE, SLC, A0SLC, TLC]
policies: {backlog_retry_delay_us: 5, store_data: false}
constraints: {enable_epr: true, enabled_rules: [state_forbid, addr_dep], single_single_allowed_bases: [PLANE_READ]}
op_bases:
  ERASE:                     {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 60}}
  PLANE_ERASE:               {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 50}}
  PROGRAM_SLC:               {scope: DIE_WIDE, states: {ISSUE: 3, CORE_BUSY: 20}}
  PLANE_PROGRAM:             {scope: PLANE_SET, states: {ISSUE: 3, CORE_BUSY: 20}}
  FOO_PROGRAM:               {scope: DIE_WIDE, states: {ISSUE: 2, CORE_BUSY: 15, DATA_IN: 4}}
  CACHE_PROGRAM_SLC:         {scope: DIE_WIDE, states: {ISSUE: 3, CORE_BUSY: 20, DATA_IN: {bus: true, duration: 3}}}
  COPYBACK_PROGRAM_SLC:      {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 20}}
  ONESHOT_PROGRAM_LSB:       {scope: DIE_WIDE, states: {ISSUE: 3, CORE_BUSY: 2}}
  ONESHOT_PROGRAM_CSB:       {scope: DIE_WIDE, states: {ISSUE: 3, CORE_BUSY: 2}}
  ONESHOT_PROGRAM_MSB:       {scope: DIE_WIDE, states: {ISSUE: 3, CORE_BUSY: 2}}
  ONESHOT_PROGRAM_MSB_23H:   {scope: DIE_WIDE, states: {ISSUE: 3, CORE_BUSY: 40}}
  ONESHOT_PROGRAM_EXEC_MSB:  {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 40}}
  ONESHOT_CACHE_PROGRAM:     {scope: DIE_WIDE, states: {ISSUE: 3, CORE_BUSY: 40, DATA_IN: 3}}
  READ:                      {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 5, DATA_OUT: 2}}
  PLANE_READ:                {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 5, DATA_OUT: 2}}
  RECOVERY_RD:               {scope: PLANE_SET, states: {ISSUE: 2, CORE_BUSY: 6, DATA_OUT: 2}}
  CACHE_READ:                {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 4, DATA_OUT: {bus: true, duration: 2}}}
  CACHE_READ_END:            {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 5}}
  COPYBACK_READ:             {scope: PLANE_SET, states: {ISSUE: 1, CORE_BUSY: 5, DATA_OUT: 1}}
  DOUT:                      {scope: NONE, states: {ISSUE: 3}, affect_state: false}
  SR:                        {scope: NONE, states: {ISSUE: 1}, affect_state: false, instant_resv: true}
  NOP:                       {scope: DIE_WIDE, states: {ISSUE: 1}, affect_state: false, instant_resv: true}
  GETFEATURE:                {scope: NONE, states: {ISSUE: 1}, affect_state: false}
  ODTDISABLE:                {scope: NONE, states: {ISSUE: 1}, affect_state: false}
  ODTENABLE:                 {scope: NONE, states: {ISSUE: 1}, affect_state: false}
  ERASE_SUSPEND:             {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 5}, instant_resv: true}
  ERASE_RESUME:              {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 7}}
  PROGRAM_SUSPEND:           {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 5}, instant_resv: true}
  PROGRAM_RESUME:            {scope: DIE_WIDE, states: {ISSUE: 1, CORE_BUSY: 7}}
  RESET:                     {scope: NONE, states: {ISSUE: 1, CORE_BUSY: 4}, instant_resv: true}
  RESET_LUN:                 {scope: NONE, states: {ISSUE: 1, CORE_BUSY: 4}, instant_resv: true}
op_names:
  Erase: {base: ERASE, celltype: SLC}
  Erase_TLC: {base: ERASE, celltype: TLC}
  Erase_Multi: {base: ERASE, celltype: SLC, multi: true}
  Plane_Erase: {base: PLANE_ERASE, celltype: SLC}
  Program: {base: PROGRAM_SLC, celltype: SLC}
  Program_A0: {base: PROGRAM_SLC, celltype: A0SLC}
  Program_TLC: {base: PROGRAM_SLC, celltype: TLC}
  Program_Multi: {base: PROGRAM_SLC, celltype: SLC, multi: true}
  Plane_Program: {base: PLANE_PROGRAM, celltype: SLC}
  Foo_Program: {base: FOO_PROGRAM, celltype: SLC}
  Cache_Program: {base: CACHE_PROGRAM_SLC, celltype: SLC}
  Copyback_Program: {base: COPYBACK_PROGRAM_SLC, celltype: SLC}
  Load_LSB: {base: ONESHOT_PROGRAM_LSB, celltype: TLC}
  Load_CSB: {base: ONESHOT_PROGRAM_CSB, celltype: TLC}
  Load_MSB: {base: ONESHOT_PROGRAM_MSB, celltype: TLC}
  Load_23h: {base: ONESHOT_PROGRAM_MSB_23H, celltype: TLC}
  Exec: {base: ONESHOT_PROGRAM_EXEC_MSB, celltype: TLC}
  Oneshot_Cache: {base: ONESHOT_CACHE_PROGRAM, celltype: TLC}
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
  Delay: {base: NOP}
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
  oneshots:
    [ONESHOT_PROGRAM_LSB, ONESHOT_PROGRAM_CSB, ONESHOT_PROGRAM_MSB, ONESHOT_PROGRAM_MSB_23H, ONESHOT_PROGRAM_EXEC_MSB,
     ONESHOT_CACHE_PROGRAM]
  on_busy: {all_except: [NOP, always]}
  on_erase: {all_except: [NOP, always, ERASE_SUSPEND]}
  on_program: {all_except: [NOP, always, PROGRAM_SUSPEND]}
  on_dout: {all_except: [always, DOUT]}
  on_plane_dout: {all_except: [always, DOUT, PLANE_READ]}
  on_cache_dout: {all_except: [always, DOUT, CACHE_READ, CACHE_READ_END]}
  after_cache_program: {all_except: [NOP, always, PROGRAM_SLC, CACHE_PROGRAM_SLC, PROGRAM_SUSPEND, PROGRAM_RESUME]}
  after_oneshot_cache: {all_except: [always, oneshots, PROGRAM_SUSPEND, PROGRAM_RESUME]}
  after_load: {all_except: [NOP, always, oneshots, DOUT, PROGRAM_SUSPEND]}
  erase_suspended: {families: [ERASE], plus: [CACHE_READ, CACHE_READ_END, ERASE_SUSPEND, GETFEATURE, ODTDISABLE]}
  program_suspended: {all_except: [always, READ, PLANE_READ, RECOVERY_RD, DOUT, PROGRAM_RESUME]}
exclusions_by_op_state:
  ERASE.CORE_BUSY: on_erase
  PLANE_ERASE.CORE_BUSY: on_erase
  PROGRAM_SLC.CORE_BUSY: on_program
  PLANE_PROGRAM.CORE_BUSY: on_program
  FOO_PROGRAM.CORE_BUSY: on_program
  CACHE_PROGRAM_SLC.CORE_BUSY: on_program
  CACHE_PROGRAM_SLC.DATA_IN: on_program
  COPYBACK_PROGRAM_SLC.CORE_BUSY: on_program
  ONESHOT_PROGRAM_LSB.CORE_BUSY: on_program
  ONESHOT_PROGRAM_CSB.CORE_BUSY: on_program
  ONESHOT_PROGRAM_MSB.CORE_BUSY: on_program
  ONESHOT_PROGRAM_MSB_23H.CORE_BUSY: on_program
  ONESHOT_PROGRAM_EXEC_MSB.CORE_BUSY: on_program
  ONESHOT_CACHE_PROGRAM.CORE_BUSY: on_program
  ONESHOT_CACHE_PROGRAM.DATA_IN: on_program
  READ.CORE_BUSY: on_busy
  READ.DATA_OUT: on_dout
  PLANE_READ.DATA_OUT: on_plane_dout
  RECOVERY_RD.CORE_BUSY: on_busy
  CACHE_READ.CORE_BUSY: on_busy
  CACHE_READ.DATA_OUT: on_cache_dout
  CACHE_READ_END.CORE_BUSY: on_busy
  COPYBACK_READ.CORE_BUSY: on_busy
  ERASE_SUSPEND.CORE_BUSY: on_busy
  ERASE_RESUME.CORE_BUSY: on_busy
  PROGRAM_SUSPEND.CORE_BUSY: on_busy
  PROGRAM_RESUME.CORE_BUSY: on_busy
  RESET.CORE_BUSY: on_busy
  RESET_LUN.CORE_BUSY: on_busy
exclusions_by_latch_state:
  LATCH_ON_READ: [COPYBACK_READ, CACHE_READ]
  LATCH_ON_LSB: after_load
  LATCH_ON_CSB: after_load
  LATCH_ON_MSB: after_load
exclusions_by_suspend_state:
  NOT_ERASE_SUSPENDED: ERASE_RESUME
  ERASE_SUSPENDED: erase_suspended
  NOT_PROGRAM_SUSPENDED: PROGRAM_RESUME
  PROGRAM_SUSPENDED: program_suspended
exclusions_by_odt_state:
  ODT_DISABLE: {all_except: [always, NOP, ODTENABLE, GETFEATURE, ERASE_SUSPEND, ERASE_RESUME, PROGRAM_SUSPEND]}
exclusions_by_cache_state:
  ON_CACHE_READ: on_cache_dout
  ON_CACHE_PROGRAM: after_cache_program
  ON_ONESHOT_CACHE_PROGRAM: after_oneshot_cache
)";

Device plain_device() {
  LoadedDevice loaded = load_device_text(kPlainDevice, "property_device.yaml");
  std::string errors;
  for (const ConfigError& error : loaded.errors) errors += error.text() + "\n";
  if (!loaded.device) throw std::runtime_error("the property device is wrong:\n" + errors);
  return std::move(*loaded.device);
}

void vary_topology(Dice& dice, Topology& topology) {
  const std::vector<std::uint32_t> dies = {1, 1, 2, 2, 4, 8};
  topology.dies = dice.pick(dies);
  topology.channels = topology.dies % 2 == 0 && dice.one_in(2) ? 2 : 1;
  topology.planes = dice.pick(std::vector<std::uint32_t>{1, 2, 2, 4});
  topology.blocks_per_die = topology.planes * (1 + dice.below(3));
  topology.pages_per_block = 2 + dice.below(5);
}

// Mostly whole us, so that borders meet; some odd ps.
Time vary_duration(Dice& dice, Time plain) {
  if (plain == 0) return 0;
  const Time us = 1 + static_cast<Time>(dice.below(static_cast<std::uint32_t>(2 * plain / kPsPerUs)));
  return us * kPsPerUs + (dice.one_in(5) ? static_cast<Time>(dice.below(1'000'000)) : 0);
}

void vary_durations(Dice& dice, Device& device) {
  for (OpBase& base : device.bases) {
    for (Step& step : base.steps) {
      step.duration = vary_duration(dice, step.duration);
      if (step.state == State::DataIn || step.state == State::DataOut) step.bus = dice.one_in(3);
    }
  }
  for (OpSpec& op : device.ops) {
    op.steps = device.base(op.base).steps;
    op.nominal = 0;
    for (Step& step : op.steps) {
      if (dice.one_in(8)) step.duration = vary_duration(dice, step.duration);
      op.nominal += step.duration;
      step.end = op.nominal;
    }
  }
}

/// Turns entries of a table over; status reads and resets stay possible.
void vary_table(Dice& dice, const Device& device, std::uint32_t rate, BaseSet& table) {
  for (std::size_t base = 0; base < device.bases.size(); ++base) {
    const Effects& effects = device.bases[base].effects;
    if (effects.is_reset() || effects.action == Action::Status) continue;
    if (dice.one_in(rate)) table.flip(base);
  }
}

void vary_tables(Dice& dice, Device& device) {
  const std::uint32_t rate = dice.pick(std::vector<std::uint32_t>{8, 25, 100});
  Exclusions& exclusions = device.exclusions;
  for (auto& states : exclusions.by_op_state) {
    for (BaseSet& table : states) {
      if (table.any() || dice.one_in(6)) vary_table(dice, device, rate, table);
    }
  }
  for (BaseSet& table : exclusions.by_latch) vary_table(dice, device, rate, table);
  for (auto& family : exclusions.by_suspend) {
    for (BaseSet& table : family) vary_table(dice, device, rate * 4, table);
  }
  for (BaseSet& table : exclusions.by_cache) vary_table(dice, device, rate, table);
  vary_table(dice, device, rate, exclusions.by_odt_disabled);
}

void vary_policies(Dice& dice, Device& device) {
  device.policies.backlog_retry_delay = (1 + static_cast<Time>(dice.below(9))) * kPsPerUs;
  if (dice.one_in(4)) device.policies.min_progress = (1 + static_cast<Time>(dice.below(15))) * kPsPerUs;
  if (dice.one_in(4)) device.policies.max_suspends_per_op = 1 + dice.below(3);
  device.rules.program_before_erase = dice.one_in(3);
  device.rules.offset_guard = dice.one_in(4) ? 1 : 0;
  if (dice.one_in(5)) device.rules.address = false;
  if (dice.one_in(3)) vary_table(dice, device, 4, device.rules.single_single_allowed);
  if (dice.one_in(3)) device.bad_blocks.push_back({dice.below(device.topology.dies), 0});
}

Device make_device(std::uint32_t number) {
  Device device = plain_device();
  if (number == 0) return device;
  Dice dice(number);
  device.name = "property_device_" + std::to_string(number);
  vary_topology(dice, device.topology);
  if (!dice.one_in(4)) vary_durations(dice, device);
  if (dice.one_in(2)) vary_tables(dice, device);
  vary_policies(dice, device);
  return device;
}

}  // namespace

std::shared_ptr<const Device> property_device(std::uint32_t number) {
  static std::map<std::uint32_t, std::shared_ptr<const Device>> made;
  auto& device = made[number];
  if (!device) device = std::make_shared<const Device>(make_device(number));
  return device;
}

}  // namespace nandtlm::test
