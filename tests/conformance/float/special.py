# Infinity and not-a-number.
inf, nan = float("inf"), float("nan")
print(inf, -inf, nan, inf + 1, inf - inf, inf * 0, 1 / inf, -1 / inf)
print(nan == nan, nan != nan, nan < 1, inf > 1e30, inf == inf, -inf < inf)
print(1e308 * 10, -1e308 * 10, float("Infinity"), float("-INF"), float("NaN"))
print(max(1.0, inf), min(-inf, 0), inf > 10**30)
print(sum([inf, -inf]), abs(-inf))
