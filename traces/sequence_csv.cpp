#include "traces/sequence_csv.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace nandtlm {
namespace {

/// A JSON string, with its quotes doubled because it stands inside a quoted CSV field.
std::string json_string_in_csv(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string result = "\"\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"') {
      result += "\\\"\"";
    } else if (c == '\\') {
      result += "\\\\";
    } else if (code < 0x20) {
      result += std::string("\\u00") + kHex[code >> 4] + kHex[code & 0xF];
    } else {
      result += c;
    }
  }
  result += "\"\"";
  return result;
}

/// The key with its colon, in the order of PayloadKey.
std::string_view key_text(PayloadKey key) {
  constexpr std::array<std::string_view, 6> kTexts = {R"(""die"": )",  R"(""plane"": )",    R"(""block"": )",
                                                      R"(""page"": )", R"(""celltype"": )", R"(""exp_val"": )"};
  return kTexts[static_cast<std::size_t>(key)];
}

bool is_address(PayloadKey key) {
  return key == PayloadKey::Plane || key == PayloadKey::Block || key == PayloadKey::Page;
}

PayloadForm make_form(const Device& device, const OpSpec& op) {
  PayloadForm form;
  std::string text = "{";
  const char* separator = "";
  for (const PayloadKey key : device.base(op.base).payload) {
    text += separator;
    text += key_text(key);
    separator = ", ";
    if (key == PayloadKey::Celltype) {
      text += json_string_in_csv(device.celltypes[index(op.celltype)]);
    } else {
      form.values.push_back({ReadyText(text), key});
      text.clear();
    }
    form.per_target = form.per_target || is_address(key);
  }
  form.end = ReadyText(text + "}");
  form.room = form.end.room() + ReadyText::kBlock;
  for (const PayloadForm::Value& value : form.values) form.room += value.before.room() + kMaxNumberText;
  return form;
}

}  // namespace

SequenceCsv::SequenceCsv(const CsvContext& context)
    : CsvSink(context, "operation_sequence.csv", "seq,time,op_id,op_name,op_uid,payload"),
      statuses_{ReadyText("null"), ReadyText(R"(""busy"")"), ReadyText(R"(""extrdy"")"), ReadyText(R"(""ready"")")} {
  const Device& device = context.names.device();
  for (const OpSpec& op : device.ops) forms_.push_back(make_form(device, op));
}

void SequenceCsv::op_started(const OpInfo& op, Time at) {
  Row& row = rows_.add(at, op.uid, [this](Time time, Uid uid, const Row& held) { write(time, uid, held); });
  row.op = op.op;
  row.expected_status = op.expected_status;
  row.die = op.die;
  row.targets = op.targets;
}

void SequenceCsv::write_rest(Time /*at*/) {
  rows_.drain([this](Time time, Uid uid, const Row& row) { write(time, uid, row); });
}

void SequenceCsv::write(Time start, Uid uid, const Row& row) {
  const PayloadForm& form = forms_[index(row.op)];
  CsvRow csv = CsvSink::row(names().row_room() + kMaxPlanes * form.room);
  csv.integer(next_seq_++).us(start).ready(names().id_and_op_fields(row.op)).uid(uid).ready(open_);
  if (form.per_target) {
    bool first = true;
    for_each_target(row.targets, [&](const Target& target) {
      if (!first) csv.ready(separator_);
      first = false;
      write_object(csv, form, row, target);
    });
  } else {
    write_object(csv, form, row, Target{});
  }
  csv.ready(close_).end();
}

void SequenceCsv::write_object(CsvRow& csv, const PayloadForm& form, const Row& row, const Target& target) const {
  // In the order of PayloadKey.
  const std::array<std::int64_t, 4> numbers = {row.die, target.plane, target.block, target.page};
  for (const PayloadForm::Value& value : form.values) {
    csv.ready(value.before);
    const auto key = static_cast<std::size_t>(value.key);
    if (key < numbers.size()) {
      csv.digits(numbers[key]);
    } else {  // exp_val: null where nothing is expected
      csv.ready(statuses_[static_cast<std::size_t>(row.expected_status + 1)]);
    }
  }
  csv.ready(form.end);
}

}  // namespace nandtlm
