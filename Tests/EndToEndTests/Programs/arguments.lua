-- arguments: one --two -e - x=1
print(#arg, arg[0], ...)
for i = 1, #arg do print(i, arg[i]) end
print(arg[#arg + 1], select("#", ...))
print(type(arg[-1]))
