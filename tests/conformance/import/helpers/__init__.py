print("package helpers runs")
