#include "plugins/calculators/scope3/common/factor_choice.hpp"

namespace chunkmill::scope3 {
namespace {

bool exists(const Formula& f, const Choice& choice, Dimension dimension) {
  return f.has_factor(choice.code, choice.boundary, dimension, choice.technology);
}

}  // namespace

Found factor_of_either(Formula& f, const Choice& choice) {
  const Amount first = Formula::constant(1, {choice.first, 1});
  const Amount second = Formula::constant(1, {choice.second, 1});
  const auto find = [&](const Amount& per) {
    return f.find(choice.code, choice.boundary, per, choice.technology);
  };
  if (const Found found = find(first); found || f.failed()) return found;
  if (const Found found = find(second); found || f.failed()) return found;
  // Neither is near: one from somewhere else, or the reason why there is none.
  const bool take_second = !exists(f, choice, choice.first) && exists(f, choice, choice.second);
  return f.factor(choice.code, choice.boundary, take_second ? second : first, choice.technology);
}

}  // namespace chunkmill::scope3
