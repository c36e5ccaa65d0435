// The texts of a device, quoted for CSV once, so that writing a row looks nothing up by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/device.h"
#include "traces/ready_text.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// `text` as an RFC 4180 field: in quotes, with quotes doubled, where it holds a comma, a quote or a line end.
std::string csv_field(std::string_view text);

/// CSV fields of the names of one device.
class CsvNames {
 public:
  /// The device outlives this.
  explicit CsvNames(const Device& device);

  const Device& device() const { return *device_; }
  std::string_view op(OpId id) const { return ops_[index(id)]; }
  std::string_view base(BaseId id) const { return bases_[index(id)]; }
  std::string_view base_of(OpId id) const { return base(device_->op(id).base); }
  std::string_view celltype(CellId id) const { return celltypes_[index(id)]; }
  std::string_view celltype_of(OpId id) const { return celltype(device_->op(id).celltype); }

  const std::vector<std::string>& ops() const { return ops_; }
  const std::vector<std::string>& bases() const { return bases_; }
  const std::vector<std::string>& celltypes() const { return celltypes_; }
  /// In the order of phase_index().
  const std::vector<std::string>& phases() const { return phases_; }
  /// Dense; 0 where there is no base.
  static std::size_t phase_index(PhaseKey key) {
    return key.base == PhaseKey::kNoBase ? 0 : 1 + key.base * (kStates + 1) + key.state;
  }

  /// Characters that a row with up to six of the texts below and any numbers may touch.
  std::size_t row_room() const { return row_room_; }

  /// The following with their comma: `<BASE>.<STATE>`, `<BASE>.END`, or empty where there is no base.
  const ReadyText& phase_field(PhaseKey key) const { return phase_fields_[phase_index(key)]; }
  /// `<BASE>.<STATE>` of an operation's base.
  const ReadyText& state_field(OpId id, State state) const {
    return phase_fields_[first_phase_[index(id)] + static_cast<std::size_t>(state)];
  }
  /// `op_name,op_base`
  const ReadyText& op_and_base_fields(OpId id) const { return op_and_base_fields_[index(id)]; }
  /// `op_name,op_id`
  const ReadyText& op_and_id_fields(OpId id) const { return op_and_id_fields_[index(id)]; }
  /// `op_id,op_name`
  const ReadyText& id_and_op_fields(OpId id) const { return id_and_op_fields_[index(id)]; }
  const ReadyText& op_field(OpId id) const { return op_fields_[index(id)]; }

 private:
  void add_op(const OpSpec& op);
  std::size_t room_of_rows() const;

  const Device* device_;
  std::vector<std::string> ops_;
  std::vector<std::string> bases_;
  std::vector<std::string> celltypes_;
  std::vector<std::string> phases_;
  std::vector<std::size_t> first_phase_;  ///< [op] index of its base's first state
  std::vector<ReadyText> phase_fields_;
  std::vector<ReadyText> op_fields_;
  std::vector<ReadyText> op_and_base_fields_;
  std::vector<ReadyText> op_and_id_fields_;
  std::vector<ReadyText> id_and_op_fields_;
  std::size_t row_room_ = 0;
};

}  // namespace nandtlm
