/** Extensions of plain archives and of all that is an archive inside. */
export const extensionsOfZip: readonly string[] = (
  'zip zipx jar war ear sar apk aab apks xpi crx whl egg nupkg snupkg kmz 3mf cbz ' +
  'docx docm dotx dotm xlsx xlsm xltx xltm xlsb xlam pptx pptm potx potm ppsx ppsm ppam sldx thmx ' +
  'vsdx vsdm vssx vssm vstx vstm odt ott ods ots odp otp odg otg odb odf odc odm odi oth sxw sxc sxi sxd ' +
  'epub ibooks pages numbers key xps oxps dwfx idml sketch kra ora ipa appx msix appxbundle msixbundle vsix xap ' +
  'npz pt pth usdz fcstd aar klib mcpack mcworld'
).split(' ');
