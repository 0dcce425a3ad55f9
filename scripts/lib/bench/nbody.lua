-- Float arithmetic and table fields: the planets for a while.
local sqrt = math.sqrt
local bodies = {
  { x = 0, y = 0, z = 0, vx = 0, vy = 0, vz = 0, mass = 39.478417604357 },
  { x = 4.841431442464721, y = -1.1603200440274284, z = -0.10362204447112311, vx = 0.606326392995832, vy = 2.81198684491626, vz = -0.02521836165988763, mass = 0.037693674870389 },
  { x = 8.34336671824458, y = 4.124798564124305, z = -0.4035234171143214, vx = -1.0107743461787924, vy = 1.8256623712304119, vz = 0.008415761376584154, mass = 0.011286326131968 },
  { x = 12.894369562139131, y = -15.111151401698631, z = -0.22330757889265573, vx = 1.0827910064415354, vy = 0.8687130181696082, vz = -0.010832637401363636, mass = 0.0017237240570597 },
  { x = 15.379697114850917, y = -25.919314609987964, z = 0.17925877295037118, vx = 0.979090732243898, vy = 0.5946989986476762, vz = -0.034755955550407444, mass = 0.0020336868699246 },
}
for _ = 1, 150000 do
  for i = 1, #bodies do
    local a = bodies[i]
    local ax, ay, az, avx, avy, avz, mass = a.x, a.y, a.z, a.vx, a.vy, a.vz, a.mass
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx, dy, dz = ax - b.x, ay - b.y, az - b.z
      local square = dx * dx + dy * dy + dz * dz
      local factor = 0.01 / (square * sqrt(square))
      avx, avy, avz = avx - dx * b.mass * factor, avy - dy * b.mass * factor, avz - dz * b.mass * factor
      b.vx, b.vy, b.vz = b.vx + dx * mass * factor, b.vy + dy * mass * factor, b.vz + dz * mass * factor
    end
    a.vx, a.vy, a.vz = avx, avy, avz
    a.x, a.y, a.z = ax + 0.01 * avx, ay + 0.01 * avy, az + 0.01 * avz
  end
end
assert(bodies[1].x == bodies[1].x)
